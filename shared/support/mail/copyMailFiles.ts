import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { AppError, toAppError } from "../../errors.ts"
import { type FileStore, mostBytes } from "../../files/fileStore.ts"
import type { ResendReceiving } from "../../vendors/resendReceiving.ts"
import { keepable } from "../keepable.ts"

/**
 * Copies the attachments of a kept mail into our store, each under a key of its own; those that are there are left alone.
 * Throws where one could not be copied and may be later; the others are copied all the same.
 */
export async function copyMailFiles(
  ctx: Context<{ receiving: ResendReceiving; files: FileStore }>,
  { emailId }: { emailId: string },
): Promise<void> {
  const waiting = await ctx.db.execute<{
    id: string
    ticket_id: string
    external_id: string
    content_type: string
    size: string
  }>(sql`
    select a.id, a.ticket_id, a.external_id, a.content_type, a.size
    from received_mails r join ticket_attachments a on a.message_id = r.message_id
    where r.id = ${emailId} and a.status in ('waiting', 'failed') order by a.id`)
  let failure: AppError | null = null
  for (const file of waiting.rows) {
    const key = `tickets/${file.ticket_id}/${file.id}`
    try {
      if (Number(file.size) > mostBytes) throw new AppError("too_large", `More than ${mostBytes} bytes.`)
      const bytes = await ctx.vendors.receiving.attachment(emailId, file.external_id, mostBytes)
      if (bytes !== null)
        await ctx.vendors.files.put(key, bytes.stream(), { contentType: file.content_type, size: bytes.size })
      await settle(ctx, file.id, bytes === null ? { status: "gone" } : { status: "stored", key, size: bytes.size })
    } catch (thrown) {
      const error = toAppError(thrown)
      if (error.retry) failure = error
      const status = error.code === "too_large" ? "too_large" : "failed"
      await settle(ctx, file.id, { status, error: keepable(error.message, 500) })
    }
  }
  if (failure) throw failure
}

const settle = (
  ctx: Context,
  id: string,
  to: { status: "stored" | "gone" | "too_large" | "failed"; key?: string; size?: number; error?: string },
) =>
  ctx.db.execute(sql`
    update ticket_attachments set status = ${to.status}, key = ${to.key ?? null}, size = coalesce(${to.size ?? null}::bigint, size),
      error = ${to.error ?? null}, attempts = attempts + 1 where id = ${id} and status in ('waiting', 'failed')`)
