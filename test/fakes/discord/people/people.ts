import { checkEndpoint } from "../interactions/checkEndpoint.ts"
import { replay } from "../interactions/replay.ts"
import type { DiscordWorld } from "../world.ts"
import { blockDms, deleteChannelByHand, join, leave, setRole, setRolePermission } from "./membership.ts"
import { deleteAs, editOwn } from "./ownMessages.ts"
import { choose, press } from "./press.ts"
import { say } from "./say.ts"
import { startThread } from "./startThread.ts"
import { closeModal, submitModal } from "./submitModal.ts"
import { autocomplete, useCommand, useMenuCommand } from "./useCommand.ts"

type Input<Verb extends (world: DiscordWorld, input: never) => unknown> = Parameters<Verb>[1]

/** Everything that a person in the guild can do, for tests; `as` says who. */
export const people = (world: DiscordWorld) => ({
  say: (input: Input<typeof say>) => say(world, input),
  startThread: (input: Input<typeof startThread>) => startThread(world, input),
  edit: (input: Input<typeof editOwn>) => editOwn(world, input),
  delete: (input: Input<typeof deleteAs>) => deleteAs(world, input),
  press: (input: Input<typeof press>) => press(world, input),
  choose: (input: Input<typeof choose>) => choose(world, input),
  submitModal: (input: Input<typeof submitModal>) => submitModal(world, input),
  closeModal: (input: Input<typeof closeModal>) => closeModal(world, input),
  command: (input: Input<typeof useCommand>) => useCommand(world, input),
  autocomplete: (input: Input<typeof autocomplete>) => autocomplete(world, input),
  menuCommand: (input: Input<typeof useMenuCommand>) => useMenuCommand(world, input),
  leave: (input: Input<typeof leave>) => leave(world, input),
  join: (input: Input<typeof join>) => join(world, input),
  blockDms: (input: Input<typeof blockDms>) => blockDms(world, input),
  setRole: (input: Input<typeof setRole>) => setRole(world, input),
  deleteChannel: (input: Input<typeof deleteChannelByHand>) => deleteChannelByHand(world, input),
  setRolePermission: (input: Input<typeof setRolePermission>) => setRolePermission(world, input),
  replay: (input: Input<typeof replay>) => replay(world, input),
  checkEndpoint: (input: Input<typeof checkEndpoint> = {}) => checkEndpoint(world, input),
})
export type People = ReturnType<typeof people>
