import type { FileUpload } from "../cdn.ts"
import { DiscordError } from "../discordError.ts"
import type { Channel } from "../model/wire.ts"
import type { DiscordWorld } from "../world.ts"
import type { MessageInput } from "./messageInput.ts"

/** Of one file in a guild without boosts. */
export const largestFile = 10 * 1024 * 1024

/** Keeps uploaded files as attachments and tells their ids; `described` names what each is, by its place. */
export function keepFiles(
  world: DiscordWorld,
  input: {
    channel: Channel
    files: readonly FileUpload[]
    described?: MessageInput["attachments"]
    ephemeral: boolean
  },
): string[] {
  const { channel, files, described, ephemeral } = input
  if (files.some(({ bytes }) => bytes.byteLength > largestFile))
    throw new DiscordError(413, 40005, "Request entity too large")
  return files.map((file, index) => {
    const about = described?.find(({ id }) => String(id) === String(index))
    const given = about?.filename || file.name
    const filename = cleanFileName(given)
    const id = world.ids.next()
    world.cdn.put(id, file.bytes)
    world.store.attachments.set(id, {
      id,
      channel: channel.id,
      filename,
      ...(filename !== given && { title: given.replace(/\.[^.]*$/, "") }),
      ...(about?.title && { title: about.title }),
      ...(about?.description && { description: about.description }),
      content_type: file.contentType || "application/octet-stream",
      size: file.bytes.byteLength,
      ephemeral,
    })
    return id
  })
}

/** Discord makes spaces underscores and drops what a path or a header could trip over. */
const cleanFileName = (name: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is dropped.
  name.replaceAll(" ", "_").replace(/[\u0000-\u001f\u007f"/\\:*?|]/g, "") || "unknown"
