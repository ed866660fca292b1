/** Ids on the `events` queue name their source: Stripe's and Resend's events are applied by different verbs. */
const sources = ["stripe", "resend"] as const
type Source = (typeof sources)[number]

export const eventRef = (source: Source, id: string): string => `${source}:${id}`

/** Ids by source; what names no source we know is left out. */
export function splitEventRefs(refs: string[]): Record<Source, string[]> {
  const ids: Record<Source, string[]> = { stripe: [], resend: [] }
  for (const ref of refs) {
    const colon = ref.indexOf(":")
    const source = sources.find((name) => name === ref.slice(0, colon))
    if (source) ids[source].push(ref.slice(colon + 1))
  }
  return ids
}
