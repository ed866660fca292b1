import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"

const longestWait = 30

/** After a look: when to look again, the later the longer nothing has happened. Whether attachments wait to be copied. */
export async function settleCapture(
  ctx: Context,
  looked: { id: string; final: boolean; found: number; more: boolean },
): Promise<{ filesWaiting: boolean }> {
  const { id, final, found, more } = looked
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  const idle = found > 0 ? sql`0` : sql`least(idle_captures + 1, 10)`
  const [waiting] = await batch(ctx.db, [
    sql`select from ticket_attachments where ticket_id = ${id} and status = 'waiting' and next_attempt_at <= ${now} limit 1`,
    sql`update tickets set reread_to = null, staff_reread_to = null where id = ${id} and (reread_to is not null or staff_reread_to is not null)`,
    ...(final
      ? []
      : [
          sql`update tickets set idle_captures = ${idle}, capture_failures = 0,
              error = case when capture_failures > 0 then null else error end,
              capture_at = ${now} + ${more ? sql`interval '0'` : sql`make_interval(mins => least(${longestWait}::integer, 2 * power(2, ${idle})::integer))`}
            where id = ${id} and status = 'open'`,
        ]),
  ])
  return { filesWaiting: (waiting?.rowCount ?? 0) > 0 }
}
