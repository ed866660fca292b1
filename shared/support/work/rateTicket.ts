import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { keepable } from "../keepable.ts"
import { changeTicket } from "./changeTicket.ts"

/** What whoever opened it thinks of how it went, from 1 to 5; the last word of theirs stands. */
export async function rateTicket(
  ctx: Context<object, "tickets">,
  { id, rating, comment }: { id: string; rating: number; comment: string },
): Promise<void> {
  const { actor } = ctx
  if (!Number.isInteger(rating) || rating < 1 || rating > 5)
    throw new AppError("bad_request", "A rating is a number from 1 to 5.")
  // Who opened it may be staff elsewhere.
  const userId = actor.kind === "discord" ? actor.userId : null
  const kept = keepable(comment, 1000)
  await changeTicket(ctx, {
    id,
    set: sql`rating = ${rating}, rating_comment = ${kept || null}, rated_at = ${ctx.now().toISOString()}`,
    where: sql`t.status in ('closing', 'closed') and (t.opener_id = ${userId}
      or exists (select from staff s where ${actor.kind === "staff" ? actor.id : null}::uuid = s.id and s.discord_user_id = t.opener_id))`,
    event: { kind: "rated", data: { rating } },
    otherwise: "Only who opened it rates a ticket, once it is closed.",
  })
}
