import { customerStages } from "../customerStages.ts"
import type { CustomerRow, LoadedState, StateRow, SubscriptionRow } from "./loadState.ts"
import type { WorkItem } from "./readClaimed.ts"

export interface StageRow {
  customerId: string
  since: Date
  stage: string
}

/** The look of a subscription that an event shows, kept for stage history. */
export function stateRow(
  item: WorkItem,
  customerId: string | null,
  isOwn: (products: string[]) => boolean,
): StateRow[] {
  const { says, event } = item
  if (!says.state || customerId === null) return []
  const products = says.state.items.flatMap(({ productId }) => productId ?? [])
  return [
    {
      ...says.state,
      customerId,
      eventId: event.id,
      occurredAt: event.createdAt,
      position: `${event.type.endsWith(".created") ? 0 : event.type.endsWith(".deleted") ? 2 : 1}~${event.id}`,
      relevant: isOwn(products),
    },
  ]
}

/** Derives stage and history anew for each customer of whom a subscription has a new look, and sets the stage on its row. */
export function foldStages(input: {
  customers: CustomerRow[]
  states: StateRow[]
  subscriptions: Map<string, SubscriptionRow>
  state: LoadedState
  now: Date
}): StageRow[] {
  const { customers, states, subscriptions, state, now } = input
  const fresh = Map.groupBy(states, (row) => row.customerId)
  const current = Map.groupBy(subscriptions.values(), (row) => row.customerId)
  return customers.flatMap((customer) => {
    const added = fresh.get(customer.id)
    if (!added && customer.stageSince !== null) return []
    const known = [...(state.states.get(customer.id) ?? []), ...(added ?? [])]
    const history = customerStages(
      { createdAt: customer.createdAt, states: known, subscriptions: current.get(customer.id) ?? [], now },
      state.settings.lifecycle,
    )
    customer.stage = history.stage
    customer.stageSince = history.since
    customer.stageReviewAt = history.reviewAt
    return history.entries.map((entry) => ({ customerId: customer.id, ...entry }))
  })
}
