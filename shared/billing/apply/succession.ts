import { isPayload, type Payload } from "../stripe/read.ts"

/** One look of an object, and what Stripe says the changed fields were before (`previous_attributes`). */
export interface Look {
  object: Payload
  previous: Payload
}

/** More looks than this in one second are not ordered: the object is fetched instead. */
const most = 6

/**
 * Which of all looks of one second is the last: the end of the only order in which each look is the one before it but for
 * what it says has changed. Null where there is no such order, or more than one, as when a field goes to and fro.
 */
export function lastOf<Each extends Look>(looks: Each[]): Each | null {
  if (looks.length > most) return null
  try {
    const ends = orders([], looks)
    return ends.length === 1 ? (ends[0] ?? null) : null
  } catch (error) {
    // Nested deeper than can be compared.
    if (error instanceof RangeError) return null
    throw error
  }
}

/** The last look of every order that the rest can follow `before` in. */
function orders<Each extends Look>(before: Each[], rest: Each[]): Each[] {
  const last = before.at(-1)
  if (rest.length === 0) return last ? [last] : []
  return rest.flatMap((next) =>
    last === undefined || follows(last, next)
      ? orders(
          [...before, next],
          rest.filter((look) => look !== next),
        )
      : [],
  )
}

/** Whether nothing lies between the two but what `next` says has changed. */
function follows({ object: before }: Look, next: Look): boolean {
  const changed = Object.keys(next.previous)
  if (changed.length === 0) return false
  return [...new Set([...Object.keys(before), ...Object.keys(next.object)])].every((key) =>
    changed.includes(key)
      ? agrees(before[key], next.previous[key])
      : JSON.stringify(before[key]) === JSON.stringify(next.object[key]),
  )
}

/** Whether a value is what it was said to be, as far as that was said. */
function agrees(value: unknown, was: unknown): boolean {
  if (was === null || was === undefined) return value === null || value === undefined
  if (Array.isArray(was))
    return Array.isArray(value) && value.length === was.length && was.every((each, index) => agrees(value[index], each))
  if (isPayload(was)) return isPayload(value) && Object.keys(was).every((key) => agrees(value[key], was[key]))
  return value === was
}
