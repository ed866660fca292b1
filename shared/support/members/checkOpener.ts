import { sql } from "drizzle-orm"
import { batch } from "../../db/batch.ts"
import { tickets } from "../../db/schema/support.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import { modifyChannel } from "../../vendors/discord/channels.ts"
import { DiscordError } from "../../vendors/discord/discordError.ts"
import { getMember } from "../../vendors/discord/guild.ts"
import { addThreadMember } from "../../vendors/discord/threads.ts"
import type { TicketRow } from "../carryTicket.ts"
import { escapeMarkdown } from "../escapeMarkdown.ts"
import type { TicketContext } from "../ticketContext.ts"
import { ticketEvent } from "../ticketEvent.ts"
import { closeByItself } from "../work/closeByItself.ts"
import { tellInTicket } from "./tellInTicket.ts"

/** Of each open ticket the server is asked this often. */
const checkMinutes = 60
/** Where whoever was to ask has died. */
const askedAgainMinutes = 5

/**
 * Whether whoever opened a ticket is still in the server. Staff are told in the ticket when they have left, once, and when
 * they are back; one whose opener has left is closed where the settings say so, unless somebody has opened it again since.
 */
export async function checkOpener(ctx: TicketContext, { id }: { id: string }): Promise<"here" | "left" | "closed"> {
  const [settingRows, [ticket]] = await ctx.db.batch([
    selectSettings(ctx.db),
    ctx.db.select().from(tickets).where(sql`${tickets.id}::text = ${id}`),
  ])
  if (!ticket?.openerId || ticket.source !== "discord") return "here"
  if (ticket.status !== "open") return "closed"
  const { openerLeft } = parseSettings(settingRows).support
  const { guildId } = ctx.config
  if (await getMember(ctx.vendors.discord, { guildId, userId: ticket.openerId })) {
    await noteHere(ctx, ticket)
    return "here"
  }
  const closes = openerLeft === "close" && !isReopenedSince(ticket)
  if (!ticket.openerLeftAt) await noteLeft(ctx, ticket, closes)
  else await ctx.db.execute(sql`update tickets set ${checkLater(ctx)} where id = ${id}`)
  if (!closes) return "left"
  await closeByItself(ctx, { id, reason: "Whoever opened it has left the server." })
  return "closed"
}

/** Since they were missed, or last seen: it may be that they left while it was closed. */
const isReopenedSince = ({ reopenedAt, openerLeftAt, openerSeenAt }: TicketRow) =>
  reopenedAt !== null && (reopenedAt > (openerSeenAt ?? 0) || (openerLeftAt !== null && reopenedAt > openerLeftAt))

const checkLater = (ctx: TicketContext) =>
  sql`opener_check_at = ${new Date(ctx.now().getTime() + checkMinutes * 60_000).toISOString()}::timestamptz`

const seconds = (at: Date) => Math.floor(at.getTime() / 1000).toString(36)
const nameIn = ({ openerId, openerName }: TicketRow) => `<@${openerId}> (${escapeMarkdown(openerName)})`

async function noteLeft(ctx: TicketContext, ticket: TicketRow, closes: boolean): Promise<void> {
  const { id, number } = ticket
  const since = seconds(ticket.openerSeenAt ?? ticket.openedAt)
  const what = closes ? "The ticket is closed; open it again to keep it." : "The ticket stays open."
  await tellInTicket(ctx, ticket, {
    nonce: `left-${number}-${since}`,
    content: `${nameIn(ticket)}, who opened this ticket, has left the server. ${what}`,
  })
  const now = ctx.now().toISOString()
  await batch(ctx.db, [
    ticketEvent(ctx, { ticketId: id, kind: "opener_left", once: since, where: sql`t.opener_left_at is null` }),
    sql`update tickets set opener_left_at = ${now}, ${checkLater(ctx)}, version = version + 1
      where id = ${id} and opener_left_at is null`,
  ])
}

async function noteHere(ctx: TicketContext, ticket: TicketRow): Promise<void> {
  const { id, number, openerLeftAt } = ticket
  const seen = sql`opener_seen_at = ${ctx.now().toISOString()}, ${checkLater(ctx)}`
  if (!openerLeftAt) {
    await ctx.db.execute(sql`update tickets set ${seen} where id = ${id} and opener_left_at is null`)
    return
  }
  await letBackIn(ctx, ticket)
  await tellInTicket(ctx, ticket, {
    nonce: `back-${number}-${seconds(openerLeftAt)}`,
    content: `${nameIn(ticket)}, who opened this ticket, is back in the server.`,
  })
  await batch(ctx.db, [
    ticketEvent(ctx, { ticketId: id, kind: "opener_back", once: seconds(openerLeftAt) }),
    sql`update tickets set opener_left_at = null, ${seen}, version = version + 1
      where id = ${id} and opener_left_at is not null`,
  ])
}

/** Leaving the server takes people out of its threads; of a channel their permissions stay. */
async function letBackIn(ctx: TicketContext, { id, placeKind, channelId, openerId }: TicketRow): Promise<void> {
  if (placeKind !== "thread" || !channelId || !openerId) return
  try {
    await modifyChannel(ctx.vendors.discord, { channelId, change: { archived: false } })
    await addThreadMember(ctx.vendors.discord, { threadId: channelId, userId: openerId })
  } catch (thrown) {
    if (!(thrown instanceof DiscordError)) throw thrown
    ctx.log.warn("opener not let back in", { ticket: id, error: thrown.message })
  }
}

/** Open tickets whose opener it is time to look for; put off, so that the next sweep sends others. */
export async function selectDueOpeners(ctx: Pick<TicketContext, "db" | "now">, limit: number): Promise<string[]> {
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  const { rows } = await ctx.db.execute<{ id: string }>(sql`
    update tickets t set opener_check_at = ${now} + make_interval(mins => ${askedAgainMinutes}::integer)
    from (select id from tickets where status = 'open' and source = 'discord' and coalesce(opener_check_at, '-infinity') <= ${now}
      order by opener_check_at nulls first limit ${limit} for update skip locked) due
    where t.id = due.id returning t.id`)
  return rows.map(({ id }) => id)
}
