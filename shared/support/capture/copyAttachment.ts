import type { Context } from "../../context.ts"
import { type FileStore, mostBytes } from "../../files/fileStore.ts"
import { withinBytes } from "../../files/withinBytes.ts"
import type { DiscordRest } from "../../vendors/discord/discordRest.ts"
import { listMessages } from "../../vendors/discord/messages.ts"

export type Copied =
  | { status: "stored"; size: number }
  | { status: "too_large" }
  /** The file is not there any more. */
  | { status: "gone" }
  | { status: "failed"; error: string }

export interface Attachment {
  key: string
  url: string | null
  contentType: string
  externalId: string
  /** None of what came with the form: its link cannot be had anew. */
  messageId: string | null
  channelId: string | null
}

const timeout = 60_000

/** Copies a file from Discord as a stream; where its link has expired, by the link that the message has now. */
export async function copyAttachment(
  ctx: Context<{ discord: DiscordRest; files: FileStore }>,
  attachment: Attachment,
): Promise<Copied> {
  const first = attachment.url === null ? "expired" : await copy(ctx, attachment, attachment.url)
  if (first !== "expired") return first
  const url = await freshLink(ctx, attachment)
  if (url === null || url === attachment.url) return { status: "gone" }
  const second = await copy(ctx, attachment, url)
  return second === "expired" ? { status: "gone" } : second
}

async function copy(
  ctx: Context<{ files: FileStore }>,
  { key, contentType }: Attachment,
  url: string,
): Promise<Copied | "expired"> {
  if (!/^https?:\/\//.test(url)) return { status: "gone" }
  const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(timeout) })
  if ([403, 404, 410].includes(response.status)) {
    await response.body?.cancel()
    return "expired"
  }
  if (response.status !== 200 || !response.body) {
    await response.body?.cancel()
    return { status: "failed", error: `Discord answered the file with status ${response.status}.` }
  }
  const size = Number(response.headers.get("content-length") ?? Number.NaN)
  if (size > mostBytes) {
    await response.body.cancel()
    return { status: "too_large" }
  }
  if (Number.isSafeInteger(size) && size >= 0 && !response.headers.has("content-encoding")) {
    await ctx.vendors.files.put(key, response.body, { size, contentType })
    return { status: "stored", size }
  }
  // Of unknown length: it has to be held to be measured.
  const bytes = await withinBytes(response.body, mostBytes)
  if (!bytes) return { status: "too_large" }
  await ctx.vendors.files.put(key, bytes.stream(), { size: bytes.size, contentType })
  return { status: "stored", size: bytes.size }
}

/** The file's link as its message has it now; null where either is gone. */
async function freshLink(
  ctx: Context<{ discord: DiscordRest }>,
  { channelId, messageId, externalId }: Attachment,
): Promise<string | null> {
  if (!channelId || !messageId || !/^\d{1,20}$/.test(messageId)) return null
  const after = String(BigInt(messageId) - 1n)
  const [message] = (await listMessages(ctx.vendors.discord, { channelId, after, limit: 1 })) ?? []
  if (message?.id !== messageId) return null
  const snapshots = (message.message_snapshots ?? []).flatMap((snapshot) => snapshot.message.attachments ?? [])
  return [...message.attachments, ...snapshots].find(({ id }) => id === externalId)?.url ?? null
}
