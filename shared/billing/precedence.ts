/**
 * Which of two snapshots of one object is the later one, however they arrived.
 *
 * 1. A settled object (ended subscription, paid invoice, ...) does not come back to life.
 * 2. Else the later `created` of the event wins, to the second, which is all that Stripe tells.
 * 3. Within a second, `progress` orders what can be ordered: further status, more attempts, created < changed < deleted.
 * 4. What is left contradicts itself: the object is fetched from Stripe, and that answer wins (`fromApi`).
 *    Where Stripe does not have it, the greater event id wins, so that every order of arrival ends the same.
 */
export interface SyncStamp {
  settled: boolean
  syncedAt: Date
  /** `<progress>~<event id>`; compared by code unit (collation "C"). */
  syncedOrder: string
  /** Of the content, to tell a repetition from a contradiction. */
  digest: string
}

export function syncOrder(progress: { status?: number; attempts?: number; type: number }, eventId: string): string {
  const attempts = Math.min(progress.attempts ?? 0, 9999)
  return `${progress.status ?? 0}${String(attempts).padStart(4, "0")}${progress.type}~${eventId}`
}

/** Sorts after anything that an event of the same second could say. */
export const fromApi = "9~api"

const progressOf = (stamp: SyncStamp) => stamp.syncedOrder.slice(0, stamp.syncedOrder.indexOf("~"))

/** Positive when `a` is the later one. */
export function compareStamps(a: SyncStamp, b: SyncStamp): number {
  if (a.settled !== b.settled) return a.settled ? 1 : -1
  const seconds = a.syncedAt.getTime() - b.syncedAt.getTime()
  if (seconds !== 0) return seconds
  return a.syncedOrder < b.syncedOrder ? -1 : a.syncedOrder > b.syncedOrder ? 1 : 0
}

/** Whether `a` takes the place of `b`. Of two answers of one second that say other things, the one that is asked for last. */
export const isLater = (a: SyncStamp, b: SyncStamp): boolean => {
  const order = compareStamps(a, b)
  return order > 0 || (order === 0 && a.syncedOrder === fromApi && a.digest !== b.digest)
}

/** Whether nothing but the event ids tells the two apart in time. */
export const sameMoment = (a: SyncStamp, b: SyncStamp): boolean =>
  a.settled === b.settled &&
  a.syncedAt.getTime() === b.syncedAt.getTime() &&
  (progressOf(a) === progressOf(b) || a.syncedOrder === fromApi || b.syncedOrder === fromApi)

/** Whether only Stripe can say which of the two is the later one. */
export const contradict = (a: SyncStamp, b: SyncStamp): boolean => sameMoment(a, b) && a.digest !== b.digest

/** 53-bit FNV-like digest of a JSON value: short, synchronous, and good enough to tell two contents apart. */
export function digestOf(value: unknown): string {
  const json = JSON.stringify(value)
  let low = 0xdeadbeef
  let high = 0x41c6ce57
  for (let index = 0; index < json.length; index++) {
    const code = json.charCodeAt(index)
    low = Math.imul(low ^ code, 2654435761)
    high = Math.imul(high ^ code, 1597334677)
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  return (4294967296 * (2097151 & high) + (low >>> 0)).toString(36)
}
