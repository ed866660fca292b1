import type { APIAttachment, APIMessage } from "discord-api-types/v10"
import type { authorKinds } from "../../db/schema/support.ts"
import { safeFileName } from "../../files/safeFileName.ts"
import { keepable } from "../keepable.ts"
import { isSystemMessage, readableText } from "./readableText.ts"
import { snowflakeTime, sortableId } from "./snowflake.ts"

export type AuthorKind = (typeof authorKinds)[number]

/** A message of Discord as it is kept. */
export interface KeptMessage {
  /** Sorts as Discord's does. */
  id: string
  externalId: string
  authorId: string
  authorName: string
  authorKind: AuthorKind
  content: string
  embeds: unknown[]
  replyTo: string | null
  /** As Discord writes it, with its microseconds. */
  sentAt: string
  editedAt: string | null
  /** Holds nothing at all, as if we were not allowed to read it. */
  blank: boolean
  /** What it says by itself and in its embeds, and what it was sent under, to find what it delivers. */
  texts: string[]
  nonce: string
  files: { externalId: string; name: string; contentType: string; size: number; url: string }[]
}

export function keptMessage(message: APIMessage, authorKind: AuthorKind): KeptMessage {
  const snapshots = (message.message_snapshots ?? []).map((snapshot) => snapshot.message)
  const embeds = [message, ...snapshots].flatMap((each) => each.embeds ?? [])
  const files = [message, ...snapshots].flatMap((each) => each.attachments ?? [])
  const content = keepable(readableText(message), 20_000)
  const system = isSystemMessage(message)
  const replies = message.message_reference?.type !== 1 && !system
  return {
    id: sortableId(message.id),
    externalId: message.id,
    authorId: message.author.id,
    authorName: keepable(message.author.global_name ?? message.author.username, 100) || message.author.id,
    // Who pinned something has not answered.
    authorKind: system ? "bot" : authorKind,
    content,
    embeds,
    replyTo: replies ? (message.message_reference?.message_id ?? null) : null,
    sentAt: instantOf(message.timestamp) ?? snowflakeTime(message.id).toISOString(),
    editedAt: instantOf(message.edited_timestamp),
    blank: authorKind !== "bot" && content === "" && embeds.length === 0 && files.length === 0,
    texts: [content, ...embeds.map(({ description }) => description?.trim() ?? "")].filter((text) => text !== ""),
    nonce: String(message.nonce ?? ""),
    files: files.map(keptFile),
  }
}

const keptFile = (file: APIAttachment) => ({
  externalId: file.id,
  name: safeFileName(file.filename),
  contentType: keepable(file.content_type ?? "", 127) || "application/octet-stream",
  size: Number.isSafeInteger(file.size) && file.size >= 0 ? file.size : 0,
  url: file.url,
})

const instantOf = (text: string | null): string | null => (text && !Number.isNaN(Date.parse(text)) ? text : null)
