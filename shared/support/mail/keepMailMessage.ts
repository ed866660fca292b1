import { type SQL, sql } from "drizzle-orm"
import type { authorKinds } from "../../db/schema/support.ts"
import type { IncomingMail } from "./incomingMail.ts"

/**
 * A mail as a message of a ticket, for a batch. Whoever writes under the Message-ID of a message that is here already does
 * not take its place.
 */
export const keepMailMessage = (input: {
  ticketId: string
  messageId: string
  authorKind: (typeof authorKinds)[number]
  mail: Pick<IncomingMail, "id" | "rfcId" | "refersTo" | "fromEmail" | "fromName" | "content" | "receivedAt">
}): SQL => {
  const { ticketId, messageId, authorKind, mail } = input
  return sql`
    insert into ticket_messages (id, ticket_id, origin, external_id, author_id, author_name, author_kind, content, reply_to, sent_at)
    select ${messageId}, ${ticketId}, 'email',
      case when exists (select from ticket_messages where ticket_id = ${ticketId} and external_id = ${mail.rfcId})
        then ${`${mail.id}@received`} else ${mail.rfcId} end,
      ${mail.fromEmail}, ${mail.fromName}, ${authorKind}, ${mail.content}, ${mail.refersTo.at(-1) ?? null},
      ${mail.receivedAt.toISOString()}::timestamptz`
}
