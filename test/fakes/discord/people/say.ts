import { PermissionFlagsBits } from "discord-api-types/v10"
import { z } from "zod"
import type { FileUpload } from "../cdn.ts"
import { invalidForm } from "../discordError.ts"
import type { Message } from "../model/wire.ts"
import { may, permit } from "../verbs/permit.ts"
import { postMessage } from "../verbs/postMessage.ts"
import { unarchive } from "../verbs/unarchive.ts"
import type { DiscordWorld } from "../world.ts"
import { cannot } from "./cannot.ts"

const { AttachFiles, ManageThreads, SendMessages } = PermissionFlagsBits

/** Of people with Nitro; others have 2,000. */
const longest = 4000

/** A person writes into a channel. */
export function say(
  world: DiscordWorld,
  input: { as: string; channel: string; content?: string; files?: readonly FileUpload[]; replyTo?: string },
): Message {
  const { as, content = "", files = [], replyTo } = input
  const channel = world.channel(input.channel)
  if (channel.thread?.locked && !may(world, as, channel, ManageThreads)) throw cannot("The thread is locked.")
  permit(world, as, channel, SendMessages, ...(files.length > 0 ? [AttachFiles] : []))
  if (!z.string().max(longest).safeParse(content).success)
    throw invalidForm({
      path: ["content"],
      code: "BASE_TYPE_BAD_LENGTH",
      message: `Must be ${longest} or fewer in length.`,
    })
  if (files.length > 10) throw cannot("A message carries up to 10 files.")
  if (channel.thread?.archived) unarchive(world, channel)
  const reference = replyTo ? { message_reference: { message_id: replyTo } } : {}
  return postMessage(world, { channel, author: as, input: { content, ...reference }, files })
}
