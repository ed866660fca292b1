import { sql } from "drizzle-orm"
import { batch } from "../../db/batch.ts"
import { AppError, toAppError } from "../../errors.ts"
import { deleteChannel, getChannel } from "../../vendors/discord/channels.ts"
import { editOriginalResponse } from "../../vendors/discord/interactionAnswers.ts"
import { createMessage } from "../../vendors/discord/messages.ts"
import type { TicketRow } from "../carryTicket.ts"
import { letOpenerIn, makePlace, type Place } from "../place/makePlace.ts"
import { staffThread } from "../place/staffThread.ts"
import { ticketMessage } from "../place/ticketMessage.ts"
import { ticketName } from "../place/ticketNames.ts"
import { suggestReplies } from "../suggest/suggestReplies.ts"
import type { SupportSetup } from "../supportSetup.ts"
import type { TicketContext } from "../ticketContext.ts"
import { ticketRef } from "../ticketRef.ts"
import { hoursNote } from "./hoursNote.ts"
import { staffBrief } from "./staffBrief.ts"

const tokenMinutes = 14
/** The first look at what is said in it. */
const captureAfter = 60_000
/** Who has just filled in the form is there. */
const openerCheckAfter = 3_600_000

/**
 * Makes a reserved ticket's place in Discord: channel or thread, the first message, the staff's own thread; each is
 * written down as soon as it is there, and found again where somebody died in between.
 */
export async function openPlace(ctx: TicketContext, ticket: TicketRow, setup: SupportSetup): Promise<void> {
  if (ticket.guildId !== ctx.config.guildId)
    throw new AppError(
      "misconfigured",
      `The ticket is of the server ${ticket.guildId}, the bot serves ${ctx.config.guildId}.`,
    )
  const { discord } = ctx.vendors
  const { support } = setup.settings
  const category = setup.categories.find(({ id }) => id === ticket.categoryId)
  const place = await placeOf(ctx, ticket, setup)
  const { channelId } = place
  const stays = await letOpenerIn(ctx, ticket, place)

  const replies = await suggestReplies(ctx, ticket)
  if (!ticket.controlMessageId) {
    const pingRoleId = category?.roleId || support.staffRoleId
    const message = ticketMessage(ticket, category, {
      pingRoleId,
      note: hoursNote(setup.settings.supportHours, ctx.now()),
      answer: replies.find(({ answer }) => answer !== null)?.answer ?? null,
    })
    const { id } = await createMessage(discord, {
      channelId,
      nonce: `open-${ticket.number}-${reopenings(ticket)}`,
      message,
    })
    await note(ctx, ticket, sql`control_message_id = ${id}`)
  }
  const staffThreadId =
    ticket.staffThreadId && (await stillThere(ctx, ticket, ticket.staffThreadId))
      ? ticket.staffThreadId
      : await staffThread(ctx, {
          number: ticket.number,
          place,
          support,
          mayBeThere: ticket.attempts > 1 || ticket.reopenedAt !== null,
        })
  if (staffThreadId !== ticket.staffThreadId) await note(ctx, ticket, sql`staff_thread_id = ${staffThreadId}`)
  await createMessage(discord, {
    channelId: staffThreadId,
    nonce: `staff-${ticket.number}-${reopenings(ticket)}`,
    message: await staffBrief(ctx, ticket, setup, replies),
  })

  await batch(ctx.db, [
    sql`update tickets set status = 'open', lease_until = null, next_attempt_at = null, attempts = 0, error = null,
      capture_at = ${new Date(ctx.now().getTime() + captureAfter).toISOString()},
      opener_check_at = ${new Date(ctx.now().getTime() + (stays ? openerCheckAfter : 0)).toISOString()}, idle_captures = 0, version = version + 1
      where id = ${ticket.id} and status = 'opening'`,
  ])
  if (!stays) await ctx.queues.tickets.send({ ids: [ticketRef("opener", ticket.id)] })
  await tellOpener(ctx, ticket, `Your ticket ${ticketName(ticket.number)} is here: <#${channelId}>`)
}

/** A place that is opened anew after closing gets first messages of its own. */
const reopenings = (ticket: TicketRow) =>
  ticket.reopenedAt ? String(Math.floor(ticket.reopenedAt.getTime() / 1000)) : "0"

async function placeOf(ctx: TicketContext, ticket: TicketRow, setup: SupportSetup): Promise<Place> {
  const known = ticket.channelId && ticket.placeKind ? { kind: ticket.placeKind, channelId: ticket.channelId } : null
  if (known && (await stillThere(ctx, ticket, known.channelId))) return known
  const place = await makePlace(ctx, ticket, setup)
  // Of a thread the staff's own is not part, and outlives it.
  const staffThreadId = known?.kind === "thread" && place.kind === "thread" ? ticket.staffThreadId : null
  const kept = await note(
    ctx,
    ticket,
    sql`channel_id = ${place.channelId}, place_kind = ${place.kind}, control_message_id = null, staff_thread_id = ${staffThreadId}, captured_to = null,
      shown_category_id = case when category_id <> ${ticket.categoryId} then ${ticket.categoryId} end`,
  )
  if (kept) {
    ticket.controlMessageId = null
    ticket.staffThreadId = staffThreadId
    return place
  }
  // Somebody thought us dead and took it up: what they have written down stays.
  const found = await ctx.db.execute<{ channel_id: string | null }>(
    sql`select channel_id from tickets where id = ${ticket.id}`,
  )
  if (found.rows[0]?.channel_id === place.channelId) throw new AppError("conflict", "Somebody else is at this ticket.")
  await deleteChannel(ctx.vendors.discord, { channelId: place.channelId, reason: "Made twice" })
  throw new AppError("conflict", "Somebody else is at this ticket.")
}

/** Whether a channel that was written down earlier has not been deleted since; the first attempt has just made it. */
const stillThere = async (ctx: TicketContext, ticket: TicketRow, channelId: string): Promise<boolean> =>
  (ticket.attempts <= 1 && !ticket.reopenedAt) || (await getChannel(ctx.vendors.discord, { channelId })) !== null

/** Writes down what is there by now, while the ticket is ours; whether it was. */
async function note(ctx: TicketContext, ticket: TicketRow, change: ReturnType<typeof sql>): Promise<boolean> {
  const kept = await ctx.db.execute(
    sql`update tickets set ${change} where id = ${ticket.id} and attempts = ${ticket.attempts} and status = 'opening'`,
  )
  return kept.rowCount > 0
}

/** In the form's own answer, while its token holds. That it cannot be told stops nothing. */
export async function tellOpener(ctx: TicketContext, ticket: TicketRow, content: string): Promise<void> {
  const age = ctx.now().getTime() - ticket.openedAt.getTime()
  if (!ticket.interactionToken || ticket.reopenedAt || age > tokenMinutes * 60_000) return
  try {
    await editOriginalResponse(ctx.vendors.discord, { token: ticket.interactionToken, message: { content } })
  } catch (thrown) {
    ctx.log.warn("opener not told", { ticket: ticket.id, error: toAppError(thrown).message })
  }
}
