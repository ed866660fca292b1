import { PermissionFlagsBits } from "discord-api-types/v10"
import { everyComponent } from "../model/component.ts"
import type { Channel, Message } from "../model/wire.ts"
import type { DiscordWorld } from "../world.ts"
import type { AllowedMentions } from "./messageInput.ts"
import { may } from "./permit.ts"

type Mentions = Pick<Message, "mentions" | "mention_roles" | "mention_everyone">

/** Whom a message pings: what its text names, as far as `allowed_mentions` and the author's permissions let it. */
export function mentionsOf(
  world: DiscordWorld,
  message: { channel: Channel; author: string; content: string; components: Message["components"] },
  allowed: AllowedMentions | null | undefined,
  repliedUser?: string,
): Mentions {
  const text = [message.content, ...everyComponent(message.components).map(({ content = "" }) => content)].join("\n")
  const parse = allowed ? (allowed.parse ?? []) : ["users", "roles", "everyone"]
  const pings = (kind: "users" | "roles", id: string) => parse.includes(kind) || Boolean(allowed?.[kind]?.includes(id))
  const everybody = may(world, message.author, message.channel, PermissionFlagsBits.MentionEveryone)
  const named = (pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, id = ""]) => id))]
  const users = named(/<@!?(\d+)>/g).filter((id) => world.store.users.has(id) && pings("users", id))
  const repliedTo = repliedUser && (allowed?.replied_user ?? !allowed) ? [repliedUser] : []
  return {
    mentions: [...new Set([...users, ...repliedTo])],
    mention_roles: named(/<@&(\d+)>/g).filter((id) => {
      const role = world.store.roles.get(id)
      return role !== undefined && (role.mentionable || everybody) && pings("roles", id)
    }),
    mention_everyone: /@(everyone|here)\b/.test(text) && everybody && parse.includes("everyone"),
  }
}
