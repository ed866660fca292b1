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
      referenced_message: repliedTo ? replied(viewer, repliedTo, options) : null,
    }),
    ...(answered &&
      answeredUser && {
        application_id: discordIdentity.applicationId,
        webhook_id: discordIdentity.applicationId,
        interaction_metadata: {
          id: answered.id,
          type: answered.type,
          user: showUser(answeredUser),
          ...(answered.type === 3 && answered.message && { interacted_message_id: answered.message }),
          authorizing_integration_owners: { "0": store.guild.id },
        },
      }),
  }
}

/** The message replied to, without what that one replies to. */
const replied = (viewer: Viewer, { reply_to: _, ...message }: Message, options: { whole?: boolean }): unknown =>
  showMessage(viewer, message, options)

const guildOf = (store: Store, message: Message) => {
  const guild_id = store.channels.get(message.channel_id)?.guild
  return guild_id ? { guild_id } : {}
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
