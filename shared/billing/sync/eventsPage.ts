import * as z from "zod/mini"
import { toAppError } from "../../errors.ts"
import type { ListPage, ListQuery } from "../../vendors/stripeLists.ts"
import { requiredText } from "../stripe/read.ts"

/** How far Stripe's events have been read: all before the second `from`, and up to the event `last` where it is known. */
export const eventsPlace = z.object({
  from: z.number(),
  last: z.nullable(z.string()),
  /** Before this second there are more than a page; null: nobody has looked. */
  until: z.nullable(z.number()),
})
export type EventsPlace = z.infer<typeof eventsPlace>

interface EventsPage {
  /** The oldest first. */
  events: ListPage["data"]
  place: EventsPlace
  /** Whether there are no later ones. */
  done: boolean
}

/** A page of events; null where there is no time left to wait for it. */
type List = (query: ListQuery) => Promise<ListPage | null>

const pageSize = 100

/**
 * The next events after `place`, oldest first. Stripe lists the newest first; from a known event on it goes the other way.
 * Until one is known, the last one before `place` is looked for, or else a stretch of time that a page can hold. Null
 * where `list` is.
 */
export async function eventsPage(list: List, place: EventsPlace): Promise<EventsPage | null> {
  const { from, last, until } = place
  if (last === null) return until === null ? beginning(list, from) : firstEvents(list, from, until)
  try {
    const page = await list({ limit: pageSize, ending_before: last })
    return page && { ...upTo(place, page.data), done: !page.hasMore || page.data.length === 0 }
  } catch (thrown) {
    // Stripe has forgotten it: begin anew with its second.
    if (toAppError(thrown).code !== "not_found") throw thrown
    return { events: [], place: { from, last: null, until: null }, done: false }
  }
}

async function beginning(list: List, from: number): Promise<EventsPage | null> {
  const page = await list({ limit: pageSize, created: { gte: from } })
  if (!page) return null
  if (!page.hasMore) return { ...upTo({ from, last: null, until: null }, page.data), done: true }
  const before = await list({ limit: 1, created: { lt: from } })
  if (!before) return null
  const [last] = before.data
  const until = last ? null : Number(page.data[0]?.created) + 1
  return { events: [], place: { from, last: last ? requiredText(last, "id") : null, until }, done: false }
}

/** By halves: from one on, Stripe goes on from there. */
async function firstEvents(list: List, from: number, until: number): Promise<EventsPage | null> {
  const middle = from + Math.max(1, Math.floor((until - from) / 2))
  const query = { limit: pageSize, created: { gte: from, lt: middle } }
  const page = await list(query)
  if (!page) return null
  if (page.hasMore && middle - from > 1) return { events: [], place: { from, last: null, until: middle }, done: false }
  const data = [...page.data]
  for (let more = page.hasMore; more; ) {
    const older = await list({ ...query, starting_after: requiredText(data.at(-1) ?? {}, "id") })
    if (!older) return null
    data.push(...older.data)
    more = older.hasMore && older.data.length > 0
  }
  return { ...upTo({ from: middle, last: null, until: middle < until ? until : null }, data), done: false }
}

/** `data` as Stripe lists it, the newest first. */
function upTo(place: EventsPlace, data: ListPage["data"]): Pick<EventsPage, "events" | "place"> {
  const [newest] = data
  if (!newest) return { events: [], place }
  return {
    events: data.toReversed(),
    place: { from: Number(newest.created), last: requiredText(newest, "id"), until: null },
  }
}
