import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { jsonb } from "../../db/bulk.ts"
import { AppError } from "../../errors.ts"
import type { FileStore } from "../../files/fileStore.ts"
import { safeFileName } from "../../files/safeFileName.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { replyFileLimits } from "./replyFileLimits.ts"

/** A file that is in the store, and in no reply yet. */
export interface KeptFile {
  id: string
  /** In the store. */
  key: string
  name: string
  contentType: string
  size: number
}

/** A reply is written at once after its files are there. What is in none by then is deleted. */
const unusedMinutes = 60

/**
 * Puts what staff attach to a reply into the store, for `replyToTicket` to name. Before that each is on the list of what is
 * deleted, so that nothing is left behind by a reply that is refused, or by whoever dies in between. Throws `bad_request`
 * for what a reply does not take, `vendor_unavailable` where the store does not.
 */
export async function keepReplyFiles(
  ctx: Context<{ files: FileStore }>,
  { ticketId, files }: { ticketId: string; files: { name: string; contentType: string; data: Blob }[] },
): Promise<KeptFile[]> {
  requirePermission(ctx, "tickets:write")
  const problem = problemOf(files)
  if (problem) throw new AppError("bad_request", problem)
  if (files.length === 0) return []
  const kept = files.map(({ name, contentType, data }) => {
    const id = crypto.randomUUID()
    return { id, key: `tickets/${ticketId}/${id}`, name: safeFileName(name), contentType: typeOf(contentType), data }
  })
  const from = new Date(ctx.now().getTime() + unusedMinutes * 60_000).toISOString()
  await ctx.db.execute(sql`
    insert into file_deletions (key, requested_at)
    select key, ${from}::timestamptz from jsonb_to_recordset(${jsonb(kept.map(({ key }) => ({ key })))}) as f(key text)`)
  for (const { key, contentType, data } of kept)
    try {
      await ctx.vendors.files.put(key, data.stream(), { size: data.size, contentType })
    } catch (thrown) {
      throw new AppError("vendor_unavailable", "The files could not be kept just now. Send the reply again.", {
        cause: thrown,
      })
    }
  return kept.map(({ data, ...file }) => ({ ...file, size: data.size }))
}

const typeOf = (told: string): string =>
  /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/.test(told) ? told : "application/octet-stream"

const megabytes = (bytes: number) => `${bytes / 1e6} MB`

function problemOf(files: { name: string; data: Blob }[]): string | null {
  const { count, each, together } = replyFileLimits
  if (files.length > count) return `A reply takes up to ${count} files, and these are ${files.length}.`
  const large = files.find(({ data }) => data.size > each)
  if (large) return `"${safeFileName(large.name)}" is larger than ${megabytes(each)}.`
  const empty = files.find(({ data }) => data.size === 0)
  if (empty) return `"${safeFileName(empty.name)}" is empty.`
  if (sizeOf(files) > together.discord) return `These files are more than ${megabytes(together.discord)} together.`
  return null
}

const sizeOf = (files: { data: Blob }[]) => files.reduce((sum, { data }) => sum + data.size, 0)

/** Why the files of a reply are too many bytes for where it goes. */
export const tooMuch = (source: keyof typeof replyFileLimits.together): string =>
  `Files of a reply ${source === "email" ? "by mail" : "in Discord"} are up to ${megabytes(replyFileLimits.together[source])} together.`
