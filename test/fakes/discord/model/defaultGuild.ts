import { ChannelType, PermissionFlagsBits } from "discord-api-types/v10"
import { discordIdentity } from "../identity.ts"
import type { Store } from "./store.ts"
import type { Channel, Overwrite } from "./wire.ts"

const { guildId, botId } = discordIdentity

/** Ids of what every guild of the stand-in begins with. */
export const defaultIds = {
  roles: {
    everyone: guildId,
    support: "100000000000000011",
    moderators: "100000000000000012",
    bot: "100000000000000013",
  },
  channels: {
    welcome: "100000000000000021",
    support: "100000000000000022",
    tickets: "100000000000000023",
    overflow: "100000000000000024",
  },
  users: {
    bot: botId,
    owner: "100000000000000031",
    sam: "100000000000000032",
    noor: "100000000000000033",
    ada: "100000000000000034",
    ben: "100000000000000035",
    cleo: "100000000000000036",
  },
} as const

const bits = (...all: bigint[]): string => String(all.reduce((sum, bit) => sum | bit, 0n))
const flags = PermissionFlagsBits
const everyone = bits(
  flags.ViewChannel,
  flags.SendMessages,
  flags.SendMessagesInThreads,
  flags.CreatePublicThreads,
  flags.EmbedLinks,
  flags.AttachFiles,
  flags.AddReactions,
  flags.ReadMessageHistory,
  flags.UseApplicationCommands,
)
const botPermissions = bits(
  flags.ViewChannel,
  flags.ManageChannels,
  flags.ManageRoles,
  flags.SendMessages,
  flags.SendMessagesInThreads,
  flags.CreatePrivateThreads,
  flags.ManageThreads,
  flags.ManageMessages,
  flags.PinMessages,
  flags.EmbedLinks,
  flags.AttachFiles,
  flags.AddReactions,
  flags.ReadMessageHistory,
  flags.MentionEveryone,
  flags.UseApplicationCommands,
)
const joined_at = "2026-01-05T09:00:00.000000+00:00"

/** A guild with the roles, channels and people of a small business; #support waits for the panel. */
export function stockGuild(store: Store): void {
  const { roles, channels, users } = defaultIds
  store.guild = { id: guildId, name: "Example Hosting", owner_id: users.owner }
  const role = (id: string, name: string, position: number, permissions: string, extra = {}) =>
    store.roles.set(id, {
      ...{ id, name, position, permissions, color: 0, hoist: false, managed: false, mentionable: false },
      ...extra,
    })
  role(roles.everyone, "@everyone", 0, everyone)
  role(roles.support, "Support", 1, bits(flags.ManageMessages), { color: 0x2f5bd3, hoist: true })
  role(roles.moderators, "Moderators", 2, bits(flags.ManageMessages, flags.ManageThreads, flags.ModerateMembers))
  role(roles.bot, "Ops HQ", 3, botPermissions, { managed: true })

  const person = (id: string, username: string, global_name: string, memberOf: string[] = []) => {
    store.users.set(id, { id, username, global_name, bot: id === users.bot, blocksDms: false })
    store.members.set(id, { user: id, nick: null, roles: memberOf, joined_at })
  }
  person(users.bot, "ops-hq", "Ops HQ", [roles.bot])
  person(users.owner, "olivia.example", "Olivia Example")
  person(users.sam, "sam.example", "Sam Example", [roles.support])
  person(users.noor, "noor.example", "Noor Example", [roles.support, roles.moderators])
  person(users.ada, "ada.example", "Ada Example")
  person(users.ben, "ben.example", "Ben Example")
  person(users.cleo, "cleo.example", "Cleo Example")

  const channel = (id: string, name: string, position: number, extra: Partial<Channel> = {}) =>
    store.channels.set(id, { ...blankChannel({ id, name, guild: guildId }), position, ...extra })
  const readOnly: Overwrite = { id: roles.everyone, type: 0, allow: "0", deny: bits(flags.SendMessages) }
  const panel: Overwrite = { id: users.bot, type: 1, allow: bits(flags.SendMessages, flags.EmbedLinks), deny: "0" }
  channel(channels.welcome, "welcome", 0)
  channel(channels.support, "support", 1, { topic: "Press the button.", permission_overwrites: [readOnly, panel] })
  channel(channels.tickets, "Tickets", 2, { type: ChannelType.GuildCategory })
  channel(channels.overflow, "Tickets overflow", 3, { type: ChannelType.GuildCategory })
}

export const blankChannel = (known: { id: string; name: string; guild: string | null }): Channel => ({
  ...known,
  type: ChannelType.GuildText,
  topic: null,
  position: 0,
  parent_id: null,
  permission_overwrites: [],
  nsfw: false,
  rate_limit_per_user: 0,
  last_message_id: null,
  thread: null,
  recipients: [],
})
