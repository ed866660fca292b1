import { PermissionFlagsBits } from "discord-api-types/v10"
import { missingAccess, missingPermissions } from "../discordError.ts"
import { guildPermissions } from "../model/permissions.ts"
import type { Channel } from "../model/wire.ts"
import type { DiscordWorld } from "../world.ts"

/** Throws 50001 where a channel is not seen and 50013 where something else is missing. */
export function permit(world: DiscordWorld, userId: string, channel: Channel, ...needed: bigint[]): void {
  const permissions = world.permissions(userId, channel)
  if ((permissions & PermissionFlagsBits.ViewChannel) === 0n) throw missingAccess()
  if (needed.some((bit) => (permissions & bit) === 0n)) throw missingPermissions()
}

export const may = (world: DiscordWorld, userId: string, channel: Channel, bit: bigint): boolean =>
  (world.permissions(userId, channel) & bit) !== 0n

/** Throws 50013. */
export function permitInGuild(world: DiscordWorld, userId: string, needed: bigint): void {
  if ((guildPermissions(world.store, userId) & needed) === 0n) throw missingPermissions()
}
