import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { actorName } from "../../staff/actorName.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { loadSupport } from "../supportSetup.ts"
import { lateLimits } from "./lateLimits.ts"
import { type ListedTicket, listedColumns, readListed } from "./listedTicket.ts"
import { type TicketFilter, ticketConditions } from "./ticketFilter.ts"

export interface BoardColumn {
  key: "us" | "customer" | "trouble" | "closed"
  tickets: ListedTicket[]
  /** There are more than shown. */
  more: boolean
  /** The list that shows all of them. */
  filter: TicketFilter
}

const shown = 30
const closedDays = 7

const urgency = sql`array_position(array['urgent', 'high', 'normal', 'low'], t.priority)`

/** What there is to do, by who is to do it, in two round trips: whoever waits longest for us comes first. */
export async function ticketBoard(
  ctx: Context,
  input: { category?: string; claimed?: string },
): Promise<{ columns: BoardColumn[]; categories: { id: string; name: string }[] }> {
  requirePermission(ctx, "tickets:read")
  const setup = await loadSupport(ctx)
  const now = ctx.now()
  const limits = lateLimits(setup, now)
  const lately = sql`${new Date(now.getTime() - closedDays * 86_400_000).toISOString()}::timestamptz`
  const all = [
    { key: "us", of: { owes: "us" }, order: sql`${urgency}, t.last_message_at` },
    { key: "customer", of: { owes: "customer" }, order: sql`t.last_message_at` },
    { key: "trouble", of: { trouble: "yes" }, order: sql`t.last_message_at desc` },
    {
      key: "closed",
      of: { status: "closed" },
      order: sql`t.closed_at desc`,
      where: sql`t.closed_at > ${lately}`,
    },
  ] as const
  const columns = all.map(({ key, of, order, ...rest }) => {
    const filter: TicketFilter = { ...of, ...input }
    const conditions = ticketConditions(filter, { me: actorName(ctx.actor), now, limits })
    if ("where" in rest) conditions.push(rest.where)
    return { key, filter, order, conditions }
  })
  const answers = await batch(
    ctx.db,
    columns.map(
      ({ conditions, order }) => sql`
        select ${listedColumns} from tickets t where ${sql.join(conditions, sql` and `)} order by ${order}, t.id limit ${shown + 1}`,
    ),
  )
  return {
    columns: columns.map(({ key, filter }, index) => {
      const rows = answers[index]?.rows ?? []
      return { key, filter, tickets: readListed(rows.slice(0, shown), limits), more: rows.length > shown }
    }),
    categories: setup.categories.map(({ id, name }) => ({ id, name })),
  }
}
