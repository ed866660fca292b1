import { overflowStem, ticketParents } from "./ticketParents.ts"

/** What is read of a channel of Discord's list. */
export interface ListedChannel {
  id: string
  type: number
  name?: string | null
  parent_id?: string | null
  topic?: string | null
}

/** Channels that a category of Discord holds at most, and a server: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json 30013 */
const mostInCategory = 50
export const mostInServer = 500

/**
 * Where the next ticket's channel goes: the first of `parentIds` with room, or an overflow category that was made
 * earlier, or the name of one to be made. `full` where the server itself is, `gone` where it has none of them.
 */
export function chooseParent(
  channels: readonly ListedChannel[],
  parentIds: readonly string[],
): { kind: "there"; id: string } | { kind: "new"; name: string } | { kind: "full" } | { kind: "gone" } {
  if (channels.length >= mostInServer) return { kind: "full" }
  const inside = Map.groupBy(channels, ({ parent_id: parent }) => parent ?? "")
  const hasRoom = (id: string) => (inside.get(id)?.length ?? 0) < mostInCategory
  const { listed, overflow } = ticketParents(channels, parentIds)
  const [first] = listed
  if (!first) return { kind: "gone" }
  const free = [...listed, ...overflow].find(({ id }) => hasRoom(id))
  if (free) return { kind: "there", id: free.id }
  const names = new Set(overflow.map(({ name }) => name))
  const nth = (number: number) => `${overflowStem(first)} (${number})`
  let number = listed.length + 1
  while (names.has(nth(number))) number++
  return { kind: "new", name: nth(number) }
}
