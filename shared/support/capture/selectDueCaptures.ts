import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"

/** A message of the queue that is lost is sent again after this many minutes. */
const sentAgainAfter = 4

/** Open tickets whose place it is time to look at, longest waiting first; put off, so that the next sweep sends others. */
export async function selectDueCaptures(ctx: Context, limit: number): Promise<string[]> {
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  const { rows } = await ctx.db.execute<{ id: string }>(sql`
    update tickets t set capture_at = ${now} + make_interval(mins => ${sentAgainAfter}::integer)
    from (select id from tickets where status = 'open' and source = 'discord' and capture_at <= ${now}
      order by capture_at limit ${limit} for update skip locked) due
    where t.id = due.id returning t.id`)
  return rows.map(({ id }) => id)
}
