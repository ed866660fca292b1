import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { keepable } from "../keepable.ts"
import { changeTicket } from "./changeTicket.ts"

/**
 * What whoever opened it thinks of how it went, from 1 to 5; the last word of theirs stands. `byLink`: who asks holds the
 * link to the transcript, which the opener alone was sent. Throws `forbidden` for anybody else, `bad_request`, `conflict`
 * while it is open.
 */
export async function rateTicket(
  ctx: Context,
  { id, rating, comment, byLink = false }: { id: string; rating: number; comment: string; byLink?: boolean },
): Promise<void> {
  const { actor } = ctx
  if (!Number.isInteger(rating) || rating < 1 || rating > 5)
    throw new AppError("bad_request", "A rating is a number from 1 to 5.")
  // Who opened it may be staff elsewhere.
  const userId = actor.kind === "discord" ? actor.userId : null
  const staffId = actor.kind === "staff" ? actor.id : null
  const mine = byLink
    ? sql`true`
    : sql`(t.opener_id = ${userId} or exists (
        select from staff s where s.id = ${staffId}::uuid and s.discord_user_id = t.opener_id))`
  await changeTicket(ctx, {
    id,
    set: sql`rating = ${rating}, rating_comment = ${keepable(comment, 1000) || null}, rated_at = ${ctx.now().toISOString()}`,
    where: sql`t.status in ('closing', 'closed') and ${mine}`,
    event: { kind: "rated", data: { rating } },
    otherwise: "Only who opened it rates a ticket, once it is closed.",
  })
}
