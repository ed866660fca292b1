import type { Cdn } from "../cdn.ts"
import { discordIdentity } from "../identity.ts"
import type { Store } from "../model/store.ts"
import type { Attachment, Message } from "../model/wire.ts"
import { showUser } from "./showUser.ts"

export interface Viewer {
  store: Store
  cdn: Cdn
  /** Whether the application may read what others write. */
  messageContent: boolean
}

/** A message as the bot gets it. Without MESSAGE_CONTENT, what people write is empty unless it is meant for the bot. */
export function showMessage(viewer: Viewer, message: Message, options: { whole?: boolean } = {}) {
  const { store, cdn } = viewer
  const { author, mentions, interaction, reply_to, ephemeral_for: _, attachments, ...rest } = message
  const readable = options.whole || viewer.messageContent || meantForBot(store, message)
  const user = store.users.get(author)
  const channel = store.channels.get(message.channel_id)
  const answered = interaction ? store.interactions.get(interaction) : undefined
  const answeredUser = store.users.get(answered?.user ?? "")
  const repliedTo = reply_to ? store.messages.get(reply_to) : undefined
  return {
    ...rest,
    ...(readable ? {} : { content: "", embeds: [], components: [] }),
    attachments: readable ? attachments.flatMap((id) => store.attachments.get(id) ?? []).map(showAttachment(cdn)) : [],
    author: user ? showUser(user) : { id: author, username: "deleted_user", discriminator: "0", avatar: null },
    mentions: mentions.flatMap((id) => store.users.get(id) ?? []).map(showUser),
    ...(channel?.thread && { position: 0 }),
    ...(reply_to && {
      message_reference: { type: 0, message_id: reply_to, channel_id: message.channel_id, ...guildOf(store, message) },
      referenced_message: repliedTo ? shallow(store, repliedTo, readable) : null,
    }),
    ...(answered &&
      answeredUser && {
        application_id: discordIdentity.applicationId,
        webhook_id: discordIdentity.applicationId,
        interaction_metadata: {
          id: answered.id,
          type: answered.type,
          user: showUser(answeredUser),
          authorizing_integration_owners: { "0": store.guild.id },
        },
      }),
  }
}
export type ShownMessage = ReturnType<typeof showMessage>

const guildOf = (store: Store, message: Message) => {
  const guild_id = store.channels.get(message.channel_id)?.guild
  return guild_id ? { guild_id } : {}
}

const shallow = (store: Store, message: Message, readable: boolean) => {
  const user = store.users.get(message.author)
  const { id, channel_id, timestamp, type, content } = message
  return { id, channel_id, timestamp, type, content: readable ? content : "", author: user ? showUser(user) : null }
}

const meantForBot = (store: Store, message: Message): boolean =>
  store.isBot(message.author) ||
  message.mentions.includes(discordIdentity.botId) ||
  store.channels.get(message.channel_id)?.guild === null

export const showAttachment = (cdn: Cdn) => (attachment: Attachment) => {
  const { channel: _, ephemeral, ...rest } = attachment
  const url = cdn.link(attachment)
  return { ...rest, url, proxy_url: url, ...(ephemeral && { ephemeral }) }
}
