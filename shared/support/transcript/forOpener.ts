import type { TicketEventKind } from "../../db/schema/support.ts"
import type { TranscriptEntry } from "./transcriptEntry.ts"

/** What the opener is told of; the rest is staff's own affair. */
export const openerEvents: readonly TicketEventKind[] = [
  "opened",
  "claimed",
  "member_added",
  "member_removed",
  "close_asked",
  "close_declined",
  "closed",
  "reopened",
  "rated",
]

const toldData = ["reason", "rating", "comment"]

/** An entry as the opener may see it: not what others have deleted, nor which account of staff did something. */
export function forOpener(entry: TranscriptEntry): TranscriptEntry {
  if (entry.type === "event") {
    const staff = /^(staff|apiKey):/.test(entry.actor)
    const data = Object.fromEntries(Object.entries(entry.data).filter(([name]) => toldData.includes(name)))
    return { ...entry, data, ...(staff && { actor: "staff", actorLabel: "Support" }) }
  }
  const shown = entry.origin === "admin" ? { ...entry, author: { ...entry.author, id: null } } : entry
  if (entry.deletedAt === null || entry.author.kind === "opener") return shown
  return { ...shown, content: null, embeds: [], replyTo: null, edits: [], files: [] }
}
