import type { Mail, Mailbox } from "./mailbox.ts"
import { Refusal } from "./refusal.ts"

/** Newest first, by cursor. */
export function listEmails(mailbox: Mailbox, query: Record<string, string>) {
  const limit = Number(query.limit ?? 20)
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw new Refusal(422, "validation_error", "The pagination limit must be a number between 1 and 100.")
  if (query.after && query.before)
    throw new Refusal(422, "validation_error", "Use either `after` or `before`, not both.")
  const mails = mailbox.mails.toReversed()
  const cursor = query.after ?? query.before
  const at = cursor === undefined ? -1 : mails.findIndex(({ id }) => id === cursor)
  if (cursor !== undefined && at < 0) throw new Refusal(404, "not_found", "The pagination cursor was not found.")
  const page = query.before ? mails.slice(Math.max(0, at - limit), at) : mails.slice(at + 1, at + 1 + limit)
  const more = query.before ? at - limit > 0 : at + 1 + limit < mails.length
  return { object: "list", has_more: more, data: page.map(summary) }
}

export const showEmail = (mail: Mail) => ({
  ...summary(mail),
  html: mail.html,
  text: mail.text,
  tags: mail.tags,
})

const summary = (mail: Mail) => ({
  object: "email",
  id: mail.id,
  message_id: mail.messageId,
  from: mail.from,
  to: mail.to,
  cc: mail.cc,
  bcc: mail.bcc,
  reply_to: mail.replyTo,
  subject: mail.subject,
  created_at: mail.createdAt,
  last_event: mail.lastEvent,
})
