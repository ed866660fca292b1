import { PermissionFlagsBits } from "discord-api-types/v10"
import { DiscordError, missingPermissions, unknown } from "../discordError.ts"
import { discordIdentity } from "../identity.ts"
import { every, guildPermissions } from "../model/permissions.ts"
import type { Channel, Overwrite } from "../model/wire.ts"
import type { DiscordWorld } from "../world.ts"
import type { OverwriteInput } from "./channelInput.ts"

const { botId } = discordIdentity
const { ManageRoles } = PermissionFlagsBits
const most = 1000

/** An overwrite as it is kept. Throws where it names nobody. */
export function readOverwrite(world: DiscordWorld, { id, type, allow, deny }: OverwriteInput): Overwrite {
  const kind = type ?? (world.store.roles.has(id) ? 0 : 1)
  if (kind === 0 && !world.store.roles.has(id)) throw unknown.role()
  if (kind === 1 && !world.store.users.has(id)) throw unknown.user()
  return { id, type: kind, allow: String(allow ?? 0), deny: String(deny ?? 0) }
}

/**
 * Throws where the bot may not grant or deny what overwrites change: it takes bits that it has itself, in the guild or, of
 * a channel that exists, in its parent, or MANAGE_ROLES by an overwrite there; only administrators hand on MANAGE_ROLES.
 */
export function permitOverwrites(
  world: DiscordWorld,
  input: { before: readonly Overwrite[]; after: readonly Overwrite[]; parent?: Channel | undefined; channel?: Channel },
): void {
  const { before, after, parent, channel } = input
  if (after.length > most)
    throw new DiscordError(400, 30060, `Maximum number of channel permission overwrites reached (${most})`)
  const own = guildPermissions(world.store, botId)
  if (own === every) return
  const old = new Map(before.map((overwrite) => [overwrite.id, overwrite]))
  const touched = after.reduce((all, { id, allow, deny }) => {
    const { allow: allowed = "0", deny: denied = "0" } = old.get(id) ?? {}
    return all | (BigInt(allow) ^ BigInt(allowed)) | (BigInt(deny) ^ BigInt(denied))
  }, 0n)
  if ((touched & ManageRoles) !== 0n) throw missingPermissions()
  const trusted = channel?.permission_overwrites.some(
    ({ id, allow }) => (id === botId || world.member(botId).roles.includes(id)) && (BigInt(allow) & ManageRoles) !== 0n,
  )
  const has = own | (parent ? world.permissions(botId, parent) : 0n)
  if (!trusted && (touched & ~has) !== 0n) throw missingPermissions()
}

/** With one overwrite set, or replaced. */
export const withOverwrite = (overwrites: readonly Overwrite[], set: Overwrite): Overwrite[] =>
  overwrites.some(({ id }) => id === set.id)
    ? overwrites.map((each) => (each.id === set.id ? set : each))
    : [...overwrites, set]
