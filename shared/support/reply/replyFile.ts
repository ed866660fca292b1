import { sql } from "drizzle-orm"
import { AppError } from "../../errors.ts"
import type { FileStore } from "../../files/fileStore.ts"

/** A file of a reply, as whoever delivers it finds it. */
export interface ReplyFile {
  /** In the store. */
  key: string
  name: string
  contentType: string
}

/** The files of the message `m`, in the order in which they were attached. */
export const filesOfMessage = sql`coalesce((
  select jsonb_agg(jsonb_build_object('key', a.key, 'name', a.name, 'contentType', a.content_type) order by a.external_id)
  from ticket_attachments a where a.message_id = m.id and a.status = 'stored'), '[]')`

/** What a file holds. Throws `not_found` where it is not in the store any more. */
export async function readReplyFile(store: FileStore, { key, name, contentType }: ReplyFile): Promise<Blob> {
  const stored = await store.get(key)
  if (!stored) throw new AppError("not_found", `"${name}" is not in the store of files any more.`)
  return new Blob([await new Response(stored.body).arrayBuffer()], { type: contentType })
}
