import { AuditLogEvent, MessageType, PermissionFlagsBits } from "discord-api-types/v10"
import { Hono } from "hono"
import { z } from "zod"
import { DiscordError, invalidForm, unknown } from "../../discordError.ts"
import { discordIdentity } from "../../identity.ts"
import { showMessage } from "../../present/showMessage.ts"
import { madeAt } from "../../snowflakes.ts"
import { audit } from "../../verbs/audit.ts"
import { changeMessage } from "../../verbs/changeMessage.ts"
import { messageInput } from "../../verbs/messageInput.ts"
import { may, permit } from "../../verbs/permit.ts"
import { removeMessage } from "../../verbs/removeMessage.ts"
import { sendAsBot } from "../../verbs/sendAsBot.ts"
import { type DiscordApiParts, type DiscordEnv, endpoint, noBody } from "../endpoint.ts"
import { messagePage } from "../messagePage.ts"

const { botId } = discordIdentity
const { ManageMessages, PinMessages, ReadMessageHistory } = PermissionFlagsBits

export function messageRoutes(parts: DiscordApiParts) {
  const { world } = parts
  const routes = new Hono<DiscordEnv>()
  /** A message that the bot can see; ephemeral ones are out of its reach. */
  const find = (id: (name: string) => string, ...needed: bigint[]) => {
    const channel = world.channel(id("channel"))
    permit(world, botId, channel, ...needed)
    const message = world.message(channel.id, id("message"))
    if (message.ephemeral_for !== undefined) throw unknown.message()
    return { channel, message }
  }

  routes.get(
    "/channels/:channel/messages",
    endpoint(parts, noBody, ({ id, query }) => {
      const channel = world.channel(id("channel"))
      permit(world, botId, channel)
      if (!may(world, botId, channel, ReadMessageHistory)) return []
      return messagePage(world.store.conversation(channel.id), query).map((message) => showMessage(world, message))
    }),
  )
  routes.get(
    "/channels/:channel/messages/pins",
    endpoint(parts, noBody, ({ id }) => {
      const channel = world.channel(id("channel"))
      permit(world, botId, channel)
      const pinned = world.store.conversation(channel.id).filter((message) => message.pinned)
      const items = pinned.map((message) => ({ pinned_at: message.timestamp, message: showMessage(world, message) }))
      return { items: items.toReversed(), has_more: false }
    }),
  )
  const pin = (pinned: boolean) =>
    endpoint(parts, noBody, ({ id, reason }) => {
      const { channel, message } = find(id)
      if (!may(world, botId, channel, PinMessages) && !may(world, botId, channel, ManageMessages))
        permit(world, botId, channel, PinMessages)
      message.pinned = pinned
      audit(world, pinned ? AuditLogEvent.MessagePin : AuditLogEvent.MessageUnpin, message.author, reason)
    })
  routes.put("/channels/:channel/messages/pins/:message", pin(true))
  routes.delete("/channels/:channel/messages/pins/:message", pin(false))
  routes.get(
    "/channels/:channel/messages/:message",
    endpoint(parts, noBody, ({ id }) => showMessage(world, find(id, ReadMessageHistory).message)),
  )
  routes.post(
    "/channels/:channel/messages",
    endpoint(parts, messageInput, ({ id, input, files }) =>
      showMessage(world, sendAsBot(world, world.channel(id("channel")), input, files)),
    ),
  )
  routes.patch(
    "/channels/:channel/messages/:message",
    endpoint(parts, messageInput, ({ id, input, files }) => {
      const { channel, message } = find(id)
      if (message.author !== botId) throw new DiscordError(403, 50005, "Cannot edit a message authored by another user")
      if (channel.thread?.archived) throw new DiscordError(400, 50083, "Thread is archived")
      return showMessage(world, changeMessage(world, message, { input, files }))
    }),
  )
  routes.delete(
    "/channels/:channel/messages/:message",
    endpoint(parts, noBody, ({ id, reason }) => {
      const { channel, message } = find(id)
      if (channel.thread?.archived) throw new DiscordError(400, 50083, "Thread is archived")
      if (message.author !== botId) permit(world, botId, channel, ManageMessages)
      if (message.type !== MessageType.Default && message.type !== MessageType.Reply && message.author !== botId)
        throw new DiscordError(403, 50021, "Cannot execute action on a system message")
      removeMessage(world, message)
      if (message.author !== botId) audit(world, AuditLogEvent.MessageDelete, message.author, reason)
    }),
  )
  routes.post(
    "/channels/:channel/messages/bulk-delete",
    endpoint(parts, z.object({ messages: z.array(z.string()).min(2).max(100) }), ({ id, input, reason }) => {
      const channel = world.channel(id("channel"))
      permit(world, botId, channel, ManageMessages)
      const twoWeeksAgo = world.now().getTime() - 14 * 86_400_000
      const old = input.messages.findIndex((message) => madeAt(message).getTime() < twoWeeksAgo)
      if (old >= 0)
        throw invalidForm({
          path: ["messages", old],
          code: "BULK_DELETE_TOO_OLD",
          message: "You can only bulk delete messages that are under 14 days old.",
        })
      for (const each of input.messages) {
        const message = world.store.messages.get(each)
        if (message?.channel_id === channel.id) removeMessage(world, message)
      }
      audit(world, AuditLogEvent.MessageBulkDelete, channel.id, reason)
    }),
  )
  routes.post(
    "/channels/:channel/typing",
    endpoint(parts, noBody, ({ id }) =>
      permit(world, botId, world.channel(id("channel")), PermissionFlagsBits.SendMessages),
    ),
  )
  return routes
}
