import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { requirePermission } from "../../staff/requirePermission.ts"

export interface TicketFile {
  name: string
  contentType: string
  /** In the store of files. */
  key: string
}

/** A file of a ticket that has been copied. Throws `not_found`, with the reason where there is one. */
export async function ticketFile(ctx: Context, input: { ticketId: string; fileId: string }): Promise<TicketFile> {
  requirePermission(ctx, "tickets:read")
  const { rows } = await ctx.db.execute<{ name: string; content_type: string; key: string | null; status: string }>(sql`
    select name, content_type, key, status from ticket_attachments
    where id = ${input.fileId} and ticket_id = ${input.ticketId}`)
  const [file] = rows
  if (!file) throw new AppError("not_found", "There is no such file.")
  if (file.status !== "stored" || file.key === null)
    throw new AppError("not_found", `This file is not kept here: it is ${file.status.replaceAll("_", " ")}.`)
  return { name: file.name, contentType: file.content_type, key: file.key }
}
