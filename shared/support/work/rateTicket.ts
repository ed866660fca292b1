import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { keepable } from "../keepable.ts"
import { changeTicket } from "./changeTicket.ts"

/** Of one closing; who changes their mind more often plays. */
const mostChanges = 10

/**
 * What whoever opened it thinks of how it went, from 1 to 5; the last word of theirs stands, and the same again is nothing.
 * `byLink`: who asks holds the link to the transcript, which the opener alone was sent. Done again under the same `once` it was done already. Throws `forbidden` for anybody
 * else, `bad_request`, `conflict` while it is open, and for whoever changes their mind too often.
 */
export async function rateTicket(
  ctx: Context,
  input: { id: string; rating: number; comment: string; byLink?: boolean; once?: string },
): Promise<void> {
  const { id, rating, comment, byLink = false, once } = input
  const { actor } = ctx
  if (!Number.isInteger(rating) || rating < 1 || rating > 5)
    throw new AppError("bad_request", "A rating is a number from 1 to 5.")
  const kept = keepable(comment, 1000) || null
  // Who opened it may be staff elsewhere.
  const userId = actor.kind === "discord" ? actor.userId : null
  const staffId = actor.kind === "staff" ? actor.id : null
  const mine = byLink
    ? sql`true`
    : sql`(t.opener_id = ${userId} or exists (
        select from staff s where s.id = ${staffId}::uuid and s.discord_user_id = t.opener_id))`
  const theirs = sql`t.status in ('closing', 'closed') and t.merged_into is null and ${mine}`
  const same = sql`t.rating is not distinct from ${rating}::integer and t.rating_comment is not distinct from ${kept}::text`
  const often = sql`(select count(*) from ticket_events e
    where e.ticket_id = t.id and e.kind = 'rated' and e.at >= coalesce(t.closed_at, '-infinity')) >= ${mostChanges}::integer`
  try {
    await changeTicket(ctx, {
      id,
      set: sql`rating = ${rating}, rating_comment = ${kept}, rated_at = ${ctx.now().toISOString()}`,
      where: sql`${theirs} and not (${same}) and not (${often})`,
      event: { kind: "rated", once, data: { rating } },
      otherwise: "Only who opened it rates a ticket, once it is closed; one that was merged is not rated.",
    })
  } catch (thrown) {
    if (!(thrown instanceof AppError && thrown.code === "conflict")) throw thrown
    const why = await whyNot(ctx, { id, theirs, same })
    if (why === "same") return
    throw why === "often"
      ? new AppError("conflict", "This rating has been changed often enough. Write to us if it is not right yet.")
      : thrown
  }
}

async function whyNot(ctx: Context, { id, theirs, same }: { id: string; theirs: SQL; same: SQL }) {
  const found = await ctx.db.execute<{ theirs: boolean; same: boolean }>(
    sql`select (${theirs}) as theirs, (${same}) as same from tickets t where t.id::text = ${id}`,
  )
  const [row] = found.rows
  return row?.theirs !== true ? "not theirs" : row.same ? "same" : "often"
}
