import type { FrozenMessage } from "../../db/schema/email.ts"
import type { Settings } from "../../settings/settings.ts"
import type { ReplyFile } from "../reply/replyFile.ts"
import { textToHtml } from "./textToHtml.ts"
import { replySubject, taggedAddress } from "./ticketToken.ts"

/** A message of a ticket that goes out by mail. */
export interface MailReply {
  id: string
  content: string
  authorName: string
  /** Said by nobody: an acknowledgement. */
  automatic: boolean
  ticket: { number: number; subject: string; openerEmail: string }
  /** Message-IDs of what was said before, the oldest first; `answers` is what the opener said last. */
  earlier: string[]
  answers: string | null
  files: ReplyFile[]
}

const mostReferences = 20

/** The Message-ID that we give a message: in the References of the mail it stays what it is, so answers name it. */
export const ownMessageId = (id: string, brand: Settings["brand"]): string =>
  `${id}@${brand.replyTo.slice(brand.replyTo.lastIndexOf("@") + 1).toLowerCase()}`

/** The mail that a message is sent as. */
export function composeReply(reply: MailReply, brand: Settings["brand"]): FrozenMessage {
  const { id, content, ticket, automatic } = reply
  const own = ownMessageId(id, brand)
  // On its way the Message-ID is replaced by another one, and then only the References tell of ours.
  const references = [...reply.earlier.filter((each) => each !== own).slice(-mostReferences), own]
  const name = automatic ? brand.fromName : `${reply.authorName} (${brand.fromName})`
  return {
    from: `"${name.replaceAll(/["\\<>\p{Cc}]/gu, "")}" <${brand.replyTo}>`,
    to: ticket.openerEmail,
    reply_to: taggedAddress(brand.replyTo, ticket.number),
    subject: replySubject(ticket.subject, ticket.number),
    html: textToHtml(content, { labels: automatic }),
    text: content,
    headers: {
      "Message-ID": `<${own}>`,
      ...(reply.answers === null ? {} : { "In-Reply-To": `<${reply.answers}>` }),
      References: references.map((each) => `<${each}>`).join(" "),
      "X-Entity-Ref-ID": id,
      ...(automatic ? { "Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All" } : {}),
    },
    tags: [{ name: "ticket_message", value: id }],
    ...(reply.files.length > 0 && { files: reply.files }),
  }
}
