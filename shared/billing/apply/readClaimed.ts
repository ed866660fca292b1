import { AppError, toAppError } from "../../errors.ts"
import type { Interpretation, StripeEvent } from "../events/interpretation.ts"
import { interpretEvent } from "../events/interpretEvent.ts"
import { type Payload, part } from "../stripe/read.ts"
import type { ClaimedEvent } from "./claimEvents.ts"

/** An event on its way through a batch: read, or out of it with what became of it. */
export interface WorkItem {
  event: StripeEvent
  says: Interpretation
  /** Stripe's id of the customer it belongs to, once resolved. */
  customer: string | null
  /** Of what no event told but a comparison with Stripe: as of when it holds. */
  foundAt?: Date
}

export type Outcome =
  | { status: "applied" }
  | { status: "ignored"; reason: string }
  | { status: "failing"; error: AppError }

export interface ReadBatch {
  items: WorkItem[]
  outcomes: Map<string, Outcome>
}

/** Reads every claimed event by itself: one that does not fit is out, and its neighbours go on. */
export function readClaimed(claimed: ClaimedEvent[]): ReadBatch {
  const batch: ReadBatch = { items: [], outcomes: new Map() }
  for (const each of claimed) {
    try {
      const event = parse(each)
      const interpreted = interpretEvent(event)
      if (interpreted.relevant)
        batch.items.push({ event, says: interpreted.says, customer: customerOf(interpreted.says) })
      else batch.outcomes.set(each.id, { status: "ignored", reason: interpreted.reason })
    } catch (thrown) {
      batch.outcomes.set(each.id, { status: "failing", error: toAppError(thrown) })
    }
  }
  batch.items.sort(
    (a, b) => a.event.createdAt.getTime() - b.event.createdAt.getTime() || (a.event.id < b.event.id ? -1 : 1),
  )
  return batch
}

export const customerOf = ({ owner }: Interpretation) => (owner?.via === "customer" ? owner.id : null)

function parse(claimed: ClaimedEvent): StripeEvent {
  const body: unknown = JSON.parse(claimed.payload)
  if (typeof body !== "object" || body === null) throw new AppError("bad_request", "The stored body is not an object.")
  const data = part({ ...body }, "data")
  const object: Payload = part(data, "object")
  return {
    id: claimed.id,
    type: claimed.type,
    createdAt: claimed.createdAt,
    object,
    previous: part(data, "previous_attributes"),
  }
}
