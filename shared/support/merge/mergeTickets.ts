import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { isUuid } from "../../db/isUuid.ts"
import { ticketSources, ticketStatuses } from "../../db/schema/support.ts"
import { sqlState } from "../../db/sqlState.ts"
import { AppError } from "../../errors.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { mergeStatements } from "./mergeStatements.ts"

const ticket = z.object({
  id: z.string(),
  number: z.coerce.number(),
  version: z.number(),
  source: z.enum(ticketSources),
  status: z.enum(ticketStatuses),
  openerEmail: z.nullable(z.string()),
  customerId: z.nullable(z.string()),
  merged: z.boolean(),
  /** Has replies on their way. */
  queued: z.boolean(),
  /** Has replies that could not be sent, and may be sent again. */
  failed: z.boolean(),
})
type Ticket = z.infer<typeof ticket>

const changedSince = ["22012", "40001", "40P01"]
const mostAttempts = 6

/**
 * Makes one ticket of two that were opened by mail: all that was said in `id` is in the ticket numbered `into` from here on,
 * where further mails go, too. Returns the id of that. Throws `not_found`, `bad_request`, and `conflict` with the reason
 * where they cannot be one.
 */
export async function mergeTickets(ctx: Context, { id, into }: { id: string; into: number }): Promise<string> {
  requirePermission(ctx, "tickets:write")
  for (let attempt = 1; ; attempt++) {
    const both = await load(ctx, { id, into })
    refuse(both)
    try {
      await batch(ctx.db, mergeStatements(ctx, both))
      return both.into.id
    } catch (thrown) {
      if (!changedSince.includes(sqlState(thrown) ?? "")) throw thrown
      if (attempt === mostAttempts)
        throw new AppError("conflict", "These tickets change too fast. Try again.", { cause: thrown })
    }
  }
}

async function load(ctx: Context, { id, into }: { id: string; into: number }): Promise<{ from: Ticket; into: Ticket }> {
  if (!isUuid(id)) throw new AppError("not_found", "There is no such ticket.")
  if (!Number.isSafeInteger(into) || into < 1)
    throw new AppError("bad_request", "Write the number of the ticket that this one is to be part of.")
  const { rows } = await ctx.db.execute(sql`
    select t.id, t.number, t.version, t.source, t.status, t.opener_email as "openerEmail", t.customer_id as "customerId",
      t.merged_into is not null as merged,
      exists (select from ticket_messages m where m.ticket_id = t.id and m.delivery = 'queued') as queued,
      exists (select from ticket_messages m where m.ticket_id = t.id and m.delivery = 'failed') as failed
    from tickets t where t.id = ${id}::uuid or t.number = ${into}::bigint`)
  const tickets = rows.map((row) => ticket.parse(row))
  const found = {
    from: tickets.find((each) => each.id === id.toLowerCase()),
    into: tickets.find((each) => each.number === into),
  }
  if (!found.from) throw new AppError("not_found", "There is no such ticket.")
  if (!found.into) throw new AppError("not_found", `There is no ticket #${into}.`)
  return { from: found.from, into: found.into }
}

function refuse({ from, into }: { from: Ticket; into: Ticket }): void {
  const why = whyNot(from, into)
  if (why) throw new AppError("conflict", why)
}

function whyNot(from: Ticket, into: Ticket): string | null {
  if (from.id === into.id) return "A ticket is not merged into itself."
  for (const { source, merged, status, number } of [from, into]) {
    if (source !== "email") return `Ticket #${number} is in Discord, where it has a place of its own.`
    if (merged) return `Ticket #${number} has been merged already.`
    if (status === "opening" || status === "closing")
      return `Ticket #${number} is just being closed. Try again in a moment.`
  }
  if (from.status === "open" && into.status === "closed")
    return `Ticket #${into.number} is closed. Merge it into #${from.number}, or open it again before.`
  if (from.customerId !== null && into.customerId !== null && from.customerId !== into.customerId)
    return "They are tickets of two customers, who would read each other's mails."
  if (from.openerEmail === into.openerEmail) return null
  // Whoever opened the other one would get it.
  if (from.queued) return `A reply in ticket #${from.number} is still on its way. Try again once it is sent.`
  if (from.failed) return `A reply in ticket #${from.number} could not be sent. Discard it, or have it sent, before.`
  return null
}
