import { existsSync, readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { describe } from "vitest"

const folder = path.join(import.meta.dirname, "../../../shared")

export const hasSharedMaterial = existsSync(path.join(folder, "corpus"))

/** Tests on recorded data that is not part of the project; where it is absent they are reported as skipped, by name. */
export const describeWithSharedMaterial = hasSharedMaterial ? describe : describe.skip

export interface RecordedEvent {
  file: string
  event: {
    id: string
    type: string
    created: number
    livemode: boolean
    data: { object: Record<string, unknown> }
  } & Record<string, unknown>
}

export function recordedEvents(): RecordedEvent[] {
  if (!hasSharedMaterial) return []
  const events = path.join(folder, "corpus/stripe-events")
  return readdirSync(events)
    .filter((file) => file.endsWith(".json"))
    .map((file) => ({ file, event: JSON.parse(readFileSync(path.join(events, file), "utf8")) }))
}

export function stripeFixtures(): Record<string, Record<string, unknown>> {
  return hasSharedMaterial
    ? JSON.parse(readFileSync(path.join(folder, "specs/stripe-fixtures3.json"), "utf8")).resources
    : {}
}
