import * as z from "zod/mini"

/**
 * What is to be done about a ticket, as ids on the `tickets` queue. `ticket`: bring one that is opening or closing further.
 * `capture`: look for what was said in its place. `files`: copy its attachments. `reply`: deliver a message that was written
 * in the staff pages. `interaction`: finish one over which somebody died. `tend`: do what time alone asks for. `deletions`:
 * delete files that nothing names any more. `setup`: set Discord up. `show`: have the first
 * message say who answers. `panel`: have the panel say what the categories are. `opener`: see whether its opener is still in the server.
 */
const kinds = [
  "ticket",
  "capture",
  "files",
  "reply",
  "interaction",
  "tend",
  "deletions",
  "setup",
  "show",
  "panel",
  "opener",
] as const
export type TicketWork = (typeof kinds)[number]

export const ticketRef = (kind: TicketWork, id: string): string => `${kind}:${id}`

const message = z.object({ ids: z.array(z.string()) })

/** What a message asks for; what is none of it is left out, since the sweep asks again for whatever is due. */
export function readTicketRefs(body: unknown): { kind: TicketWork; id: string }[] {
  const { data } = message.safeParse(body)
  return (data?.ids ?? []).flatMap((ref) => {
    const colon = ref.indexOf(":")
    const kind = kinds.find((each) => each === ref.slice(0, colon))
    return kind ? [{ kind, id: ref.slice(colon + 1) }] : []
  })
}
