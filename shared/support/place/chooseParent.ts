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

const category = 4

/**
 * Where the next ticket's channel goes: the first of `parentIds` with room, or an overflow category that was made
 * earlier, or the name of one to be made. `none` where the server itself is full, or has none of them.
 */
export function chooseParent(
  channels: readonly ListedChannel[],
  parentIds: readonly string[],
): { kind: "there"; id: string } | { kind: "new"; name: string } | { kind: "none" } {
  if (channels.length >= mostInServer) return { kind: "none" }
  const inside = Map.groupBy(channels, ({ parent_id: parent }) => parent ?? "")
  const hasRoom = (id: string) => (inside.get(id)?.length ?? 0) < mostInCategory
  const categories = channels.filter(({ type }) => type === category)
  const listed = parentIds.flatMap((id) => categories.find((each) => each.id === id) ?? [])
  const first = listed[0]
  if (!first) return { kind: "none" }
  const overflow = (name: string) => name.startsWith(`${first.name} (`) && /\(\d+\)$/.test(name)
  const free = [...listed, ...categories.filter(({ name }) => overflow(name ?? ""))].find(({ id }) => hasRoom(id))
  if (free) return { kind: "there", id: free.id }
  const names = new Set(categories.map(({ name }) => name))
  const nth = (number: number) => `${(first.name ?? "Tickets").slice(0, 90)} (${number})`
  let number = listed.length + 1
  while (names.has(nth(number))) number++
  return { kind: "new", name: nth(number) }
}
