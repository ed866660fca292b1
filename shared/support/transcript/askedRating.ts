import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { isUuid } from "../../db/isUuid.ts"
import { AppError } from "../../errors.ts"

const found = z.object({
  number: z.coerce.number(),
  subject: z.string(),
  /** Only a closed ticket is rated. */
  closed: z.boolean(),
  rating: z.nullable(z.number()),
  comment: z.nullable(z.string()),
})
export type AskedRating = z.infer<typeof found>

/** What whoever holds the link to a ticket's transcript is asked, with what they have said so far. Throws `not_found`, and `conflict` for one that was merged. */
export async function askedRating(ctx: Context, { ticketId }: { ticketId: string }): Promise<AskedRating> {
  const { rows } = isUuid(ticketId)
    ? await ctx.db.execute(sql`
        select number, subject, status in ('closing', 'closed') as closed, rating, rating_comment as comment,
          merged_into is not null as merged
        from tickets where id = ${ticketId}::uuid`)
    : { rows: [] }
  if (!rows[0]) throw new AppError("not_found", "There is no such ticket.")
  if (rows[0].merged === true)
    throw new AppError("conflict", "This ticket is part of another one now, and is not rated.")
  return found.parse(rows[0])
}
