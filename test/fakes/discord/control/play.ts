import type { FileUpload } from "../cdn.ts"
import { everyComponent } from "../model/component.ts"
import { cannot } from "../people/cannot.ts"
import { seenMessages } from "../people/seen.ts"
import type { DiscordStandIn } from "../standIn.ts"
import type { DiscordWorld } from "../world.ts"
import type { PlayAction } from "./playActions.ts"

/** Files by the field that they came in. */
export type Files = Record<string, FileUpload[]>

/** Does what a player asked for. People and channels may be called by name. */
export async function play(standIn: DiscordStandIn, asked: PlayAction, files: Files = {}): Promise<unknown> {
  const { world, people } = standIn
  const action = named(world, asked)
  switch (action.action) {
    case "say":
      return people.say({ ...action, files: Object.values(files).flat() })
    case "startThread":
      return people.startThread({ ...action, private: action.private ?? false })
    case "edit":
      return people.edit(action)
    case "delete":
      return people.delete(action)
    case "press":
      return people.press({ ...action, message: withComponent(world, action) })
    case "choose":
      return people.choose({ ...action, message: withComponent(world, action) })
    case "submitModal":
      return people.submitModal({ ...action, files })
    case "closeModal":
      return people.closeModal(action)
    case "command":
      return people.command({ ...action, files: firstOfEach(files) })
    case "autocomplete":
      return people.autocomplete(action)
    case "menuCommand":
      return people.menuCommand(action)
    case "leave":
      return people.leave(action)
    case "join":
      return people.join(action)
    case "blockDms":
      return people.blockDms(action)
    case "setRole":
      return people.setRole(action)
    case "deleteChannel":
      return people.deleteChannel(action)
    case "rolePermission":
      return people.setRolePermission({ role: action.role, bit: action.permission, on: action.on })
    case "switch":
      world.messageContent = action.messageContent ?? world.messageContent
      world.guildMembers = action.guildMembers ?? world.guildMembers
      standIn.limits.enabled = action.rateLimits ?? standIn.limits.enabled
      return world.touch()
    case "exhaust":
      return standIn.limits.exhaust(action.channel, action.seconds)
    case "expireLinks":
      world.cdn.expireLinks()
      return world.touch()
    case "replay":
      return people.replay(action)
    case "checkEndpoint":
      return people.checkEndpoint(action.badOnly ? { tampering: "wrongSignature" } : {})
  }
}

function named(world: DiscordWorld, action: PlayAction): PlayAction {
  const found = { ...action }
  if ("as" in found && found.as) found.as = personCalled(world, found.as)
  if ("channel" in found) found.channel = channelCalled(world, found.channel)
  return found
}

function personCalled(world: DiscordWorld, name: string): string {
  const { users } = world.store
  const found = [...users.values()].find(({ username }) => username === name || username.split(".")[0] === name)
  return users.has(name) ? name : (found?.id ?? name)
}

function channelCalled(world: DiscordWorld, name: string): string {
  const { channels } = world.store
  const called = name.replace(/^#/, "")
  return channels.has(name) ? name : ([...channels.values()].findLast((each) => each.name === called)?.id ?? name)
}

function withComponent(
  world: DiscordWorld,
  { as, channel, message, customId }: { as: string; channel: string; message?: string | undefined; customId: string },
): string {
  const found =
    message ??
    seenMessages(world, as, world.channel(channel)).findLast(({ components }) =>
      everyComponent(components).some(({ custom_id }) => custom_id === customId),
    )?.id
  if (!found) throw cannot(`They see no message with "${customId}" there.`)
  return found
}

const firstOfEach = (files: Files): Record<string, FileUpload> =>
  Object.fromEntries(Object.entries(files).flatMap(([name, [file]]) => (file ? [[name, file]] : [])))
