import { type SQL, sql } from "drizzle-orm"
import { jsonb } from "../../db/bulk.ts"
import type { IncomingMail } from "./incomingMail.ts"

/** The files of a kept mail that is in a ticket, waiting to be copied; those that are known already stay as they are. */
export const keepMailFiles = ({ id, files }: Pick<IncomingMail, "id" | "files">): SQL[] =>
  files.length === 0
    ? []
    : [
        sql`insert into ticket_attachments (id, ticket_id, message_id, external_id, name, content_type, size, status)
          select gen_random_uuid(), r.ticket_id, r.message_id, f.id, f.name, f.content_type, f.size, 'waiting'
          from received_mails r, jsonb_to_recordset(${jsonb(
            files.map((file) => ({ ...file, content_type: file.contentType })),
          )}) as f(id text, name text, content_type text, size bigint)
          where r.id = ${id} and r.message_id is not null on conflict do nothing`,
      ]
