import { ButtonStyle, ComponentType } from "discord-api-types/v10"
import { sql } from "drizzle-orm"
import { batch } from "../../db/batch.ts"
import { AppError, toAppError } from "../../errors.ts"
import { notifyStaff } from "../../staff/notifyStaff.ts"
import { deleteChannel, modifyChannel, openDm } from "../../vendors/discord/channels.ts"
import { customId } from "../../vendors/discord/customId.ts"
import { DiscordError } from "../../vendors/discord/discordError.ts"
import { createMessage } from "../../vendors/discord/messages.ts"
import { captureTicket } from "../capture/captureTicket.ts"
import { storeAttachments } from "../capture/storeAttachments.ts"
import type { TicketRow } from "../carryTicket.ts"
import { escapeMarkdown } from "../escapeMarkdown.ts"
import { goodbyeMail } from "../mail/goodbyeMail.ts"
import { findPlace } from "../place/makePlace.ts"
import { ticketName } from "../place/ticketNames.ts"
import type { SupportSetup } from "../supportSetup.ts"
import type { TicketContext } from "../ticketContext.ts"
import { createTranscriptSigner } from "../transcript/transcriptToken.ts"
import { silencePlace } from "./silencePlace.ts"

/** Cannot send messages to this user, unknown user, no mutual servers: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const dmRefused = [50007, 10013, 50278]
const threadArchived = 50083
/** Unknown channel, missing access, thread is archived: its place is not ours to speak in any more. */
const placeGone = [10003, 50001, threadArchived]

/**
 * Ends a ticket in Discord: its place is made silent, what was said there is saved, the opener is told with the transcript and
 * asked how it was. A message is sent under the same nonce each time, so whoever dies in between repeats nothing.
 */
export async function closePlace(ctx: TicketContext, ticket: TicketRow, setup: SupportSetup): Promise<void> {
  const { support } = setup.settings
  const silenced = await silence(ctx, ticket)
  if (!silenced && ticket.source === "discord") {
    // Somebody who died before it was written down may have made it a place.
    const leftOver = await findPlace(ctx, ticket, support)
    if (leftOver && leftOver.channelId !== ticket.channelId)
      await deleteChannel(ctx.vendors.discord, { channelId: leftOver.channelId, reason: "The ticket is closed" })
  }
  await readToTheEnd(ctx, ticket)
  const signer = await createTranscriptSigner(ctx.config.linkSecret)
  const transcript = `${ctx.config.portalUrl}/transcripts/${await signer.sign(ticket.id, ctx.now())}`
  const told = await tellInPrivate(ctx, ticket, transcript)
  const placeLeft =
    silenced &&
    ticket.channelId !== null &&
    (await sayGoodbye(ctx, ticket, { channelId: ticket.channelId, askThere: !told, transcript }))
  // Of a ticket that was a thread, the staff's own outlives it.
  const staffsLeft = ticket.placeKind === "thread" && ticket.staffThreadId !== null
  const removeAt =
    placeLeft || staffsLeft ? new Date(ctx.now().getTime() + support.keepHours * 3_600_000).toISOString() : null
  await batch(ctx.db, [
    ...(await goodbyeMail(ctx, { ticket, transcript, settings: setup.settings })),
    sql`
    update tickets set status = 'closed', lease_until = null, next_attempt_at = null, attempts = 0, error = null, capture_at = null,
      interaction_token = null, remove_place_at = ${removeAt}::timestamptz, version = version + 1
    where id = ${ticket.id} and status = 'closing' and attempts = ${ticket.attempts}`,
  ])
}

/** After so many attempts a ticket is closed with what there is: it must not stand in the way of the next one. */
const patience = 4

/**
 * Keeps all that was said. What cannot be read is not waited for without end: staff are told, and the ticket closes with
 * what was kept before.
 */
async function readToTheEnd(ctx: TicketContext, ticket: TicketRow): Promise<void> {
  try {
    await captureTicket(ctx, { id: ticket.id, final: true })
    await storeAttachments(ctx, { ticketId: ticket.id })
  } catch (thrown) {
    const refused = thrown instanceof DiscordError && placeGone.includes(thrown.discordCode)
    if (!refused && (ticket.attempts < patience || !(thrown instanceof AppError))) throw thrown
    await ctx.db.execute(
      notifyStaff(ctx, {
        key: `unread:${ticket.id}:${closing(ticket)}`,
        message: `Ticket #${ticket.number} was closed without its last messages: ${toAppError(thrown).message}`,
      }),
    )
  }
}

const closing = (ticket: TicketRow) => Math.floor((ticket.closedAt ?? ticket.openedAt).getTime() / 1000).toString(36)

function goodbye(ticket: TicketRow, options: { ask: boolean; transcript?: string }) {
  const by = ticket.closedByLabel ? ` by ${escapeMarkdown(ticket.closedByLabel)}` : ""
  const lines = [
    `Ticket ${ticketName(ticket.number)} was closed${by}: ${escapeMarkdown(ticket.closeReason ?? "no reason")}`,
    ...(options.transcript ? [`What was said, for you to keep: ${options.transcript}`] : []),
    ...(options.ask ? ["How did we do?"] : []),
  ]
  const stars = Array.from({ length: 5 }, (_, index) => ({
    type: ComponentType.Button as const,
    style: ButtonStyle.Secondary as const,
    label: "★".repeat(index + 1),
    custom_id: customId("ticket.rate", ticket.id, String(index + 1)),
  }))
  const reopen = {
    type: ComponentType.Button as const,
    style: ButtonStyle.Primary as const,
    label: "Open it again",
    custom_id: customId("ticket.reopen", ticket.id),
  }
  return {
    content: lines.join("\n"),
    components: [
      ...(options.ask ? [{ type: ComponentType.ActionRow as const, components: stars }] : []),
      { type: ComponentType.ActionRow as const, components: [reopen] },
    ],
  }
}

/** Whether the opener could be written to: some let nobody in. */
async function tellInPrivate(ctx: TicketContext, ticket: TicketRow, transcript: string): Promise<boolean> {
  if (!ticket.openerId) return false
  if (ticket.closeToldAt && ticket.closedAt && ticket.closeToldAt >= ticket.closedAt) return true
  const { discord } = ctx.vendors
  try {
    const dm = await openDm(discord, { userId: ticket.openerId })
    const nonce = `bye-${ticket.number}-${closing(ticket)}`
    await createMessage(discord, { channelId: dm.id, nonce, message: goodbye(ticket, { ask: true, transcript }) })
    // A nonce is forgotten within minutes: what was said must not be said again by a later attempt.
    await ctx.db.execute(sql`update tickets set close_told_at = ${ctx.now().toISOString()} where id = ${ticket.id}`)
    return true
  } catch (thrown) {
    if (!(thrown instanceof DiscordError && dmRefused.includes(thrown.discordCode))) throw thrown
    ctx.log.info("opener takes no direct messages", { ticket: ticket.id, error: toAppError(thrown).message })
    return false
  }
}

/** Lets nobody but staff write in its place from here on; where Discord refuses that, staff are told. False where it is gone. */
async function silence(ctx: TicketContext, ticket: TicketRow): Promise<boolean> {
  try {
    return await silencePlace(ctx, ticket)
  } catch (thrown) {
    if (!(thrown instanceof DiscordError)) throw thrown
    if (placeGone.includes(thrown.discordCode)) return false
    ctx.log.warn("place not silent", { ticket: ticket.id, error: thrown.message })
    await ctx.db.execute(
      notifyStaff(ctx, {
        key: `unsilenced:${ticket.id}:${closing(ticket)}`,
        message: `Ticket #${ticket.number} is closed, and whoever is in its place may still write there: ${thrown.message}`,
      }),
    )
    return true
  }
}

/** Says in its place that it is over. False where the place is gone. */
async function sayGoodbye(
  ctx: TicketContext,
  ticket: TicketRow,
  { channelId, askThere, transcript }: { channelId: string; askThere: boolean; transcript: string },
): Promise<boolean> {
  const { discord } = ctx.vendors
  try {
    const nonce = `end-${ticket.number}-${closing(ticket)}`
    const message = goodbye(ticket, askThere ? { ask: true, transcript } : { ask: false })
    await createMessage(discord, { channelId, nonce, message })
    // In an archived thread no button works.
    if (ticket.placeKind === "thread" && !askThere)
      await modifyChannel(discord, { channelId, change: { archived: true, locked: true } })
    return true
  } catch (thrown) {
    if (!(thrown instanceof DiscordError)) throw thrown
    ctx.log.warn("goodbye not said", { ticket: ticket.id, error: thrown.message })
    return thrown.discordCode === threadArchived || !placeGone.includes(thrown.discordCode)
  }
}
