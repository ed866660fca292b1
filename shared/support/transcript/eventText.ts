import type { TranscriptEvent } from "./transcriptEntry.ts"

/** What happened, in words. */
export function eventText({ kind, data }: Pick<TranscriptEvent, "kind" | "data">): string {
  const about = Object.values(data)
    .filter((value) => value !== null && value !== "")
    .join(", ")
  const more = about === "" ? "" : `: ${about}`
  switch (kind) {
    case "opened":
      return `Ticket opened${more}`
    case "claimed":
      return `Claimed${more}`
    case "unclaimed":
      return `No longer claimed${more}`
    case "transferred":
      return `Transferred${more}`
    case "recategorised":
      return `Category changed${more}`
    case "reprioritised":
      return `Priority changed${more}`
    case "member_added":
      return `Somebody was added${more}`
    case "member_removed":
      return `Somebody was removed${more}`
    case "customer_linked":
      return `Linked to a customer${more}`
    case "close_asked":
      return `Asked whether this can be closed${more}`
    case "close_declined":
      return `It is not to be closed yet${more}`
    case "closed":
      return `Ticket closed${more}`
    case "reopened":
      return `Ticket opened again${more}`
    case "merged":
      return `Merged with another ticket${more}`
    case "nudged":
      return `Reminded${more}`
    case "warned":
      return `Warned that it will be closed${more}`
    case "rated":
      return `Rated${more}`
    case "opener_left":
      return `Whoever opened it has left the server${more}`
    case "opener_back":
      return `Whoever opened it is back in the server${more}`
    case "place_lost":
      return `Its channel was deleted in Discord${more}`
  }
}
