import { isPayload, type Payload } from "../stripe/read.ts"

/** One look of an object, and what Stripe says the changed fields were before (`previous_attributes`). */
export interface Look {
  object: Payload
  previous: Payload
}

/**
 * Which of several looks of one second is the last: the one that every other leads up to, because it shows what the next
 * one says was before. Null where that does not tell, as when a field was changed to and fro.
 */
export function lastOf<Each extends Look>(looks: Each[]): Each | null {
  const ends = looks.filter((look) => !looks.some((other) => other !== look && leadsTo(look, other)))
  const [end] = ends
  return ends.length === 1 && end ? end : null
}

const leadsTo = (before: Look, after: Look) => showsWhatWas(before, after) && !showsWhatWas(after, before)

/** Whether `look` has the values that `later` replaced. */
const showsWhatWas = (look: Look, later: Look) =>
  Object.keys(later.previous).length > 0 && agrees(look.object, later.previous)

function agrees(value: unknown, was: unknown): boolean {
  if (was === null || was === undefined) return value === null || value === undefined
  if (Array.isArray(was))
    return Array.isArray(value) && value.length === was.length && was.every((each, index) => agrees(value[index], each))
  if (isPayload(was)) return isPayload(value) && Object.keys(was).every((key) => agrees(value[key], was[key]))
  return value === was
}
