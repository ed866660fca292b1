import { sql } from "drizzle-orm"
import { tickets } from "../db/schema/support.ts"
import { toAppError } from "../errors.ts"
import { notifyStaff } from "../staff/notifyStaff.ts"
import { DiscordRateLimit } from "../vendors/discord/discordError.ts"
import { closePlace } from "./close/closePlace.ts"
import { openPlace } from "./open/openPlace.ts"
import { loadSupport } from "./supportSetup.ts"
import type { TicketContext } from "./ticketContext.ts"

export type TicketRow = typeof tickets.$inferSelect

/** While somebody is at a ticket nobody else is; when they die, the sweep takes it up after this long. */
const leaseMilliseconds = 60_000
/** Waits before it is tried again, in seconds; the last one again and again: a ticket is never given up. */
const backoffSeconds = [10, 30, 120, 600, 1800]
/** Attempts that fail in a row before staff are told. */
const tellAfter = 3

/**
 * Brings a ticket that is opening or closing to its end, from wherever somebody left it. What fails is written down with
 * the reason and tried again. Returns what it came to, or null where there was nothing to do or somebody else is at it.
 */
export async function carryTicket(ctx: TicketContext, input: { id: string }): Promise<"done" | "failed" | null> {
  const now = ctx.now()
  const [ticket] = await ctx.db
    .update(tickets)
    .set({
      attempts: sql`${tickets.attempts} + 1`,
      leaseUntil: new Date(now.getTime() + leaseMilliseconds),
    })
    .where(
      sql`${tickets.id} = ${input.id} and ${tickets.status} in ('opening', 'closing')
        and coalesce(${tickets.leaseUntil}, '-infinity') < ${now.toISOString()}::timestamptz
        and coalesce(${tickets.nextAttemptAt}, '-infinity') <= ${now.toISOString()}::timestamptz`,
    )
    .returning()
  if (!ticket) return null
  const log = ctx.log.with({
    ticket: ticket.id,
    number: ticket.number,
    status: ticket.status,
    attempts: ticket.attempts,
  })
  try {
    const setup = await loadSupport(ctx)
    if (ticket.status === "opening") await openPlace(ctx, ticket, setup)
    else await closePlace(ctx, ticket, setup)
    log.info("ticket brought further")
    return "done"
  } catch (thrown) {
    const error = toAppError(thrown)
    const wait = (backoffSeconds[Math.min(ticket.attempts, backoffSeconds.length) - 1] ?? 10) * 1000
    const next =
      thrown instanceof DiscordRateLimit
        ? new Date(Math.max(thrown.retryAt.getTime(), ctx.now().getTime() + 1000))
        : new Date(ctx.now().getTime() + wait)
    log.error("ticket not brought further", { code: error.code, error: error.message })
    const failed = ctx.db.execute(sql`
      update tickets set lease_until = null, next_attempt_at = ${next.toISOString()}, error = ${error.message.slice(0, 1000)}
      where id = ${ticket.id} and attempts = ${ticket.attempts}`)
    if (ticket.attempts < tellAfter) await failed
    else
      await ctx.db.batch([
        failed,
        ctx.db.execute(
          notifyStaff(ctx, {
            key: `ticket:${ticket.id}:${ticket.status}`,
            message: `Ticket #${ticket.number} cannot be brought further (${ticket.status}): ${error.message}`,
          }),
        ),
      ])
    return "failed"
  }
}

/** Ids of tickets that wait to be brought further, and of closed ones whose place is to be taken away. */
export async function selectDueTickets(ctx: Pick<TicketContext, "db" | "now">, limit: number): Promise<string[]> {
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  const found = await ctx.db.execute<{ id: string }>(sql`
    select id from tickets where status in ('opening', 'closing') and coalesce(next_attempt_at, '-infinity') <= ${now}
      and coalesce(lease_until, '-infinity') < ${now} order by next_attempt_at limit ${limit}`)
  return found.rows.map(({ id }) => id)
}
