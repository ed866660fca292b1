import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"

const found = z.object({ key: z.string(), name: z.string(), contentType: z.string() })
export type KeptFile = z.infer<typeof found>

/** A file of a ticket that its opener may have, as their transcript shows it. Throws `not_found`. */
export async function transcriptFile(ctx: Context, input: { ticketId: string; fileId: string }): Promise<KeptFile> {
  const none = new AppError("not_found", "There is no such file, or it is not kept (any more).")
  if (!z.uuid().safeParse(input.fileId).success) throw none
  const { rows } = await ctx.db.execute(sql`
    select a.key, a.name, a.content_type as "contentType" from ticket_attachments a join ticket_messages m on m.id = a.message_id
    where a.id = ${input.fileId}::uuid and a.ticket_id = ${input.ticketId}::uuid and a.status = 'stored' and a.key is not null
      and not m.internal and (m.delivery is null or m.delivery = 'sent') and (m.deleted_at is null or m.author_kind = 'opener')`)
  if (!rows[0]) throw none
  return found.parse(rows[0])
}
