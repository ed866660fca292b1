import type { MailAuthentication } from "../../db/schema/mails.ts"
import { safeFileName } from "../../files/safeFileName.ts"
import type { ReceivedEmail } from "../../vendors/resendReceiving.ts"
import { keepable } from "../keepable.ts"
import { authenticationOf } from "./authenticationOf.ts"
import { htmlToText } from "./htmlToText.ts"
import { isRobot } from "./isRobot.ts"
import { addressesOf, type MailAddress, parseAddress } from "./mailAddress.ts"
import { messageId, messageIds, readHeaders } from "./mailHeaders.ts"

/** A received mail as far as it is of use here: texts that can be kept, of bounded length. */
export interface IncomingMail {
  /** Resend's. */
  id: string
  /** Empty where it names no sender. */
  fromEmail: string
  fromName: string
  /** Who is to be answered, where that is somebody else. */
  replyTo: MailAddress | null
  /** Of To, Cc, and those that it was received for. */
  recipients: string[]
  subject: string
  content: string
  rfcId: string
  refersTo: string[]
  headers: ReadonlyMap<string, string>
  authentication: MailAuthentication
  receivedAt: Date
  files: { id: string; name: string; contentType: string; size: number }[]
}

/** The full-text index of what is said takes no more than about this. */
const longestContent = 60_000
const longestHtml = 1_000_000
const mostRecipients = 100
const mostReferences = 50
const mostFiles = 50

/** Reads what Resend tells of a mail; whatever is odd about it, nothing throws. */
export function readIncomingMail(email: ReceivedEmail, now: Date): IncomingMail {
  const headers = readHeaders(email.headers)
  const from = parseAddress(email.from ?? "") ?? parseAddress(headers.get("from") ?? "")
  const ownId = messageId(email.message_id ?? headers.get("message-id") ?? "")
  const rfcId = ownId === "" ? `${email.id}@received` : ownId
  const answers = messageIds(headers.get("in-reply-to"), mostReferences)
  return {
    id: email.id,
    fromEmail: from?.email ?? "",
    fromName: keepable(from?.name ?? "", 100) || (from?.email ?? "Nobody"),
    replyTo: replyToOf(headers.get("reply-to") ?? email.reply_to?.[0], from?.email),
    recipients: addressesOf([...(email.to ?? []), ...(email.cc ?? []), ...(email.received_for ?? [])], mostRecipients),
    subject: keepable((email.subject ?? "").replaceAll(/[\p{Cc}\s]+/gu, " "), 500),
    content: contentOf(email),
    rfcId,
    refersTo: [
      ...new Set([...messageIds(headers.get("references"), mostReferences), ...answers].filter((id) => id !== rfcId)),
    ].slice(-mostReferences),
    headers,
    authentication: authenticationOf(headers),
    receivedAt: instantOf(email.created_at, now),
    files: (email.attachments ?? []).slice(0, mostFiles).map((file) => ({
      id: file.id,
      name: safeFileName(file.filename ?? ""),
      contentType: keepable(file.content_type ?? "", 127) || "application/octet-stream",
      size: Math.max(0, Math.round(file.size ?? 0)),
    })),
  }
}

/** Neither the sender again, nor an address at which nobody reads. */
function replyToOf(header: string | undefined, fromEmail: string | undefined): MailAddress | null {
  const named = parseAddress(header ?? "")
  if (named === null || named.email === fromEmail || isRobot(named.email)) return null
  return { email: named.email, name: keepable(named.name, 100) || named.email }
}

function contentOf({ text, html }: ReceivedEmail): string {
  const written = text && text.trim() !== "" ? text : htmlToText((html ?? "").slice(0, longestHtml))
  const lines = written
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[\u2028\u2029]/g, "\n")
    .replaceAll(/\n{4,}/g, "\n\n\n")
  const kept = keepable(lines, longestContent)
  if (kept === "") return "(The mail has no text.)"
  return lines.trim().length > longestContent ? `${kept}\n\n(The mail is longer: it was cut here.)` : kept
}

/** Resend writes `2026-11-20 12:00:00.123+00`, too. Never later than now. */
function instantOf(text: string, now: Date): Date {
  const read = new Date(/[+-]\d\d$/.test(text) ? `${text.replace(" ", "T")}:00` : text)
  return read < now ? read : now
}
