import * as z from "zod/mini"

/** Ids on the `events` queue name their source: Stripe's and Resend's events are applied by different verbs. */
const sources = ["stripe", "resend"] as const
type Source = (typeof sources)[number]

export const eventRef = (source: Source, id: string): string => `${source}:${id}`

const message = z.object({ ids: z.array(z.string()) })

/** Ids by source; what names no source we know, and messages of another form, are counted and left to the sweep. */
export function readEventRefs(bodies: unknown[]): { ids: Record<Source, string[]>; malformed: number } {
  const ids: Record<Source, string[]> = { stripe: [], resend: [] }
  let malformed = 0
  for (const body of bodies) {
    const read = message.safeParse(body)
    if (!read.success) malformed++
    for (const ref of read.data?.ids ?? []) {
      const colon = ref.indexOf(":")
      const source = sources.find((name) => name === ref.slice(0, colon))
      if (source) ids[source].push(ref.slice(colon + 1))
      else malformed++
    }
  }
  return { ids, malformed }
}
