import { ChannelType } from "discord-api-types/v10"
import { removeChannel } from "../verbs/removeChannel.ts"
import type { DiscordWorld } from "../world.ts"
import { cannot } from "./cannot.ts"

/** A member leaves the guild, its private threads too; what they wrote stays. */
export function leave(world: DiscordWorld, input: { as: string }): void {
  if (input.as === world.store.guild.owner_id) throw cannot("An owner cannot leave; the guild would have nobody.")
  world.member(input.as)
  world.store.members.delete(input.as)
  for (const { thread } of world.store.channels.values())
    if (thread) thread.members = thread.members.filter(({ user }) => user !== input.as)
  world.touch()
}

/** Somebody known or new comes into the guild. */
export function join(world: DiscordWorld, input: { as?: string; name?: string; roles?: string[] }): string {
  const id = input.as ?? world.ids.next()
  if (!world.store.users.has(id)) {
    const name = input.name ?? `Newcomer ${id.slice(-4)}`
    const username = name.toLowerCase().replace(/[^a-z0-9_.]+/g, ".")
    world.store.users.set(id, { id, username, global_name: name, bot: false, blocksDms: false })
  }
  if (!world.store.members.has(id))
    world.store.members.set(id, { user: id, nick: null, roles: input.roles ?? [], joined_at: world.stamp() })
  world.touch()
  return id
}

/** An admin gives a member a role, or takes it. */
export function setRole(world: DiscordWorld, input: { as: string; role: string; has: boolean }): void {
  const member = world.member(input.as)
  if (!world.store.roles.has(input.role)) throw cannot("There is no such role.")
  const others = member.roles.filter((role) => role !== input.role)
  member.roles = input.has ? [...others, input.role] : others
  world.touch()
}

/** Whether a person takes direct messages. */
export function blockDms(world: DiscordWorld, input: { as: string; blocked: boolean }): void {
  world.user(input.as).blocksDms = input.blocked
  world.touch()
}

/** An admin deletes a channel by hand. */
export function deleteChannelByHand(world: DiscordWorld, input: { channel: string }): void {
  const channel = world.channel(input.channel)
  if (channel.type === ChannelType.DM) throw cannot("Direct messages are not deleted.")
  removeChannel(world, channel)
}

/** Switches a permission of a role, such as the bot's, on or off. */
export function setRolePermission(world: DiscordWorld, input: { role: string; bit: bigint; on: boolean }): void {
  const role = world.store.roles.get(input.role)
  if (!role) throw cannot("There is no such role.")
  const before = BigInt(role.permissions)
  role.permissions = String(input.on ? before | input.bit : before & ~input.bit)
  world.touch()
}
