import type { Settings } from "../../settings/settings.ts"
import { nextOpening } from "../hours/nextOpening.ts"

/** Stands for the ticket's number, which the database gives. */
export const numberPlace = "{number}"

/**
 * What whoever opens a ticket by mail is answered at once. Nothing of their mail is in it: senders can be forged, and what
 * they wrote would reach somebody else.
 */
export function acknowledgement(settings: Pick<Settings, "brand" | "supportHours">, now: Date): string {
  const { brand, supportHours } = settings
  const opening = nextOpening(now, supportHours)
  const lines = [
    "Hello,",
    "",
    `we have received your mail. It is ticket #${numberPlace}, and somebody will answer you here. To add something, answer this mail.`,
    ...(opening === null || opening <= now
      ? []
      : ["", `Nobody is here right now. We are back on ${inWords(opening, supportHours.timeZone)}.`]),
    "",
    brand.name,
  ]
  return lines.join("\n")
}

const inWords = (at: Date, timeZone: string): string =>
  `${new Intl.DateTimeFormat("en-GB", { timeZone, weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" }).format(at)} (${timeZone})`
