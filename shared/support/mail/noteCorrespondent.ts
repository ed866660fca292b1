import { type SQL, sql } from "drizzle-orm"
import { uuidFrom } from "../uuidFrom.ts"
import { correspondentOf } from "./correspondentOf.ts"
import type { IncomingMail } from "./incomingMail.ts"

/** What staff should know of whom a ticket by mail is answered to, as a note in it, for the batch that opens it. */
export async function noteCorrespondent(
  ticketId: string,
  mail: Pick<IncomingMail, "id" | "fromEmail" | "fromName" | "replyTo" | "authentication" | "receivedAt">,
): Promise<SQL[]> {
  const { note } = correspondentOf(mail)
  if (note === null) return []
  const id = await uuidFrom(`mail correspondent ${mail.id}`)
  // It names the sender, with whom it is forgotten.
  return [
    sql`insert into ticket_messages (id, ticket_id, origin, author_id, author_name, author_kind, internal, content, sent_at)
      values (${id}, ${ticketId}, 'email', ${mail.fromEmail}, 'Reply-To', 'bot', true, ${note}, ${mail.receivedAt.toISOString()}::timestamptz)`,
  ]
}
