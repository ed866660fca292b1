import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"

const found = z.object({
  number: z.coerce.number(),
  subject: z.string(),
  /** Staff ask whether it can be closed, and nobody has answered. */
  asked: z.boolean(),
  closed: z.boolean(),
})
export type AskedClosing = z.infer<typeof found>

/** What whoever holds the link to a ticket is asked about closing it. Throws `not_found`. */
export async function askedClosing(ctx: Context, { ticketId }: { ticketId: string }): Promise<AskedClosing> {
  const { rows } = await ctx.db.execute(sql`
    select number, subject, close_asked_at is not null and status = 'open' as asked, status in ('closing', 'closed') as closed
    from tickets where id::text = ${ticketId}`)
  if (!rows[0]) throw new AppError("not_found", "There is no such ticket.")
  return found.parse(rows[0])
}
