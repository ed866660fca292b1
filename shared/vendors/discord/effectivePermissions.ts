import type { APIGuild, APIGuildMember, APIOverwrite, APIRole } from "discord-api-types/v10"
import { permissionBits } from "./permissions.ts"

/** Whose permissions, and where: in the server as a whole, or in a channel with its overwrites. */
export interface PermissionCase {
  guild: Pick<APIGuild, "id" | "owner_id">
  roles: readonly Pick<APIRole, "id" | "permissions">[]
  userId: string
  member: Pick<APIGuildMember, "roles" | "communication_disabled_until">
  /** Of the channel; a thread has those of the channel that it is in. */
  overwrites?: readonly Pick<APIOverwrite, "id" | "type" | "allow" | "deny">[]
  /** In its threads sending is a permission of its own. */
  inThread?: boolean
  now: Date
}

const everything = (1n << 53n) - 1n
const administrator = permissionBits("ADMINISTRATOR")
const viewChannel = permissionBits("VIEW_CHANNEL")
/** What sending is part of. */
const withSending = permissionBits("MENTION_EVERYONE", "SEND_TTS_MESSAGES", "ATTACH_FILES", "EMBED_LINKS")
const whileTimedOut = permissionBits("VIEW_CHANNEL", "READ_MESSAGE_HISTORY")

/** As Discord computes it: https://discord.com/developers/docs/topics/permissions#permission-hierarchy */
export function effectivePermissions(where: PermissionCase): bigint {
  const { guild, roles, userId, member, overwrites = [], now } = where
  if (guild.owner_id === userId) return everything
  // The role of everybody has the server's id.
  const held = new Set([guild.id, ...member.roles])
  let bits = roles.reduce((sum, role) => (held.has(role.id) ? sum | BigInt(role.permissions) : sum), 0n)
  if (bits & administrator) return everything

  const apply = (layer: typeof overwrites) => {
    const denied = layer.reduce((sum, { deny }) => sum | BigInt(deny), 0n)
    const allowed = layer.reduce((sum, { allow }) => sum | BigInt(allow), 0n)
    bits = (bits & ~denied) | allowed
  }
  apply(overwrites.filter(({ id, type }) => type === 0 && id === guild.id))
  apply(overwrites.filter(({ id, type }) => type === 0 && id !== guild.id && held.has(id)))
  apply(overwrites.filter(({ id, type }) => type === 1 && id === userId))

  const timedOutUntil = Date.parse(member.communication_disabled_until ?? "")
  if (timedOutUntil > now.getTime()) bits &= whileTimedOut
  if (where.overwrites && !(bits & viewChannel)) return 0n
  const sending = permissionBits(where.inThread ? "SEND_MESSAGES_IN_THREADS" : "SEND_MESSAGES")
  return bits & sending ? bits : bits & ~withSending
}
