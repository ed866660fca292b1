import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { isInstant } from "../../db/isInstant.ts"
import { actorName } from "../../staff/actorName.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { loadSupport } from "../supportSetup.ts"
import { lateLimits } from "./lateLimits.ts"
import { type ListedTicket, listedColumns, readListed } from "./listedTicket.ts"
import { selectClaimers } from "./selectClaimers.ts"
import { type TicketFilter, ticketConditions } from "./ticketFilter.ts"

export interface TicketList {
  tickets: ListedTicket[]
  /** Where the next page begins; null on the last. */
  next: string | null
  categories: { id: string; name: string }[]
  /** Who may have claimed one, as an actor. */
  claimers: { id: string; name: string }[]
}

const pageSize = 50
const cursorShape = z.tuple([z.string().check(z.refine(isInstant)), z.uuid()])

/** One page of tickets with what the filters offer, in two round trips. `after` is the `next` of the page before. */
export async function listTickets(ctx: Context, input: { filter: TicketFilter; after?: string }): Promise<TicketList> {
  requirePermission(ctx, "tickets:read")
  const setup = await loadSupport(ctx)
  const now = ctx.now()
  const limits = lateLimits(setup, now)
  const conditions = ticketConditions(input.filter, { me: actorName(ctx.actor), now, limits })
  const ascending = input.filter.sort === "opened"
  const cursor = readCursor(input.after)
  if (cursor)
    conditions.push(
      sql`(t.opened_at, t.id) ${ascending ? sql`>` : sql`<`} (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)`,
    )
  // As the index has it, which is what makes the last page as quick as the first.
  const direction = ascending ? sql`asc` : sql`desc`
  const [page, claimers] = await batch(ctx.db, [
    sql`select ${listedColumns} from tickets t where ${sql.join(conditions, sql` and `)}
      order by t.opened_at ${direction}, t.id ${direction} limit ${pageSize + 1}`,
    selectClaimers,
  ])
  const tickets = readListed(page?.rows.slice(0, pageSize) ?? [], limits)
  const last = tickets.at(-1)
  return {
    tickets,
    next: (page?.rows.length ?? 0) > pageSize && last ? JSON.stringify([last.openedAtExact, last.id]) : null,
    categories: setup.categories.map(({ id, name }) => ({ id, name })),
    claimers: (claimers?.rows ?? []).map(({ id, name }) => ({ id: String(id), name: String(name) })),
  }
}

/** A cursor that somebody has tampered with begins anew. */
function readCursor(after: string | undefined): [string, string] | null {
  if (!after) return null
  try {
    return cursorShape.parse(JSON.parse(after))
  } catch {
    return null
  }
}
