import type { ListedChannel } from "./chooseParent.ts"

const category = 4

/** The categories of Discord that take channels of tickets, in this order: those of `parentIds` that are there, and what ran over from the first. */
export function ticketParents(
  channels: readonly ListedChannel[],
  parentIds: readonly string[],
): { listed: ListedChannel[]; overflow: ListedChannel[] } {
  const categories = channels.filter(({ type }) => type === category)
  const listed = parentIds.flatMap((id) => categories.find((each) => each.id === id) ?? [])
  const [first] = listed
  const isOverflow = (name: string) => first && name.startsWith(`${overflowStem(first)} (`) && /\(\d+\)$/.test(name)
  return { listed, overflow: categories.filter(({ name }) => isOverflow(name ?? "")) }
}

/** What names of overflow categories begin with. */
export const overflowStem = ({ name }: ListedChannel): string => (name ?? "Tickets").slice(0, 90)
