import type { Settings } from "../../settings/settings.ts"
import { nextOpening } from "../hours/nextOpening.ts"

/** What the opener is told while nobody is there; null while somebody is. Discord shows the time on their own clock. */
export function hoursNote(hours: Settings["supportHours"], now: Date): string | null {
  const opening = nextOpening(now, hours)
  if (opening === null) return "We answer as soon as somebody is here."
  if (opening <= now) return null
  const seconds = Math.floor(opening.getTime() / 1000)
  return `Nobody is here right now. We are back <t:${seconds}:R> (<t:${seconds}:F>).`
}
