import { type SQL, sql } from "drizzle-orm"
import type { CapturePlace } from "./capturePlace.ts"
import type { KeptMessage } from "./keptMessage.ts"

/** Who spoke last and when staff first answered, for the batch that keeps the messages. Notes among staff are neither. */
export function noteSpoken(ticketId: string, place: CapturePlace, messages: KeptMessage[]): SQL[] {
  const spoken = messages
    .filter(({ authorKind }) => !place.internal && authorKind !== "bot")
    .toSorted((a, b) => Date.parse(a.sentAt) - Date.parse(b.sentAt))
  const first = spoken.find(({ authorKind }) => authorKind === "staff")
  const last = spoken.at(-1)
  return [
    ...(first
      ? [
          sql`update tickets set first_response_at = ${first.sentAt}::timestamptz, first_response_by = ${`discord:${first.authorId}`}
            where id = ${ticketId} and (closed_at is null or closed_at > ${first.sentAt}::timestamptz)
              and (first_response_at is null or first_response_at > ${first.sentAt}::timestamptz)`,
        ]
      : []),
    ...(last
      ? [
          // Whoever was added to the conversation is there for the opener. Whoever has been reminded has answered, and whoever
          // could not be reminded needs not be.
          sql`update tickets set last_message_at = ${last.sentAt}::timestamptz, last_from = ${last.authorKind === "staff" ? "staff" : "opener"},
              nudged_at = null, warned_at = null, tend_at = null, error = case when tend_at is null then error end
            where id = ${ticketId} and last_message_at < ${last.sentAt}::timestamptz`,
        ]
      : []),
  ]
}
