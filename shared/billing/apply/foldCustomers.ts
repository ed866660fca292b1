import { withoutPerson } from "../withoutPersonalData.ts"
import type { Contest } from "./candidates.ts"
import type { Fetched } from "./fetchMissing.ts"
import type { CustomerRow, LoadedState } from "./loadState.ts"
import type { WorkItem } from "./readClaimed.ts"

type Touched = { row: CustomerRow; version: number | null }

/** Every customer that the batch touches, by Stripe's id, with what the batch says of it folded in. */
export function foldCustomers(input: {
  items: WorkItem[]
  winners: Contest[]
  state: LoadedState
  fetched: Fetched
  now: Date
  newId: () => string
}): Map<string, Touched> {
  const { items, winners, state, fetched, now, newId } = input
  const touched = new Map<string, Touched>()
  const touch = (stripeId: string): CustomerRow => {
    const known = touched.get(stripeId)
    if (known) return known.row
    const loaded = state.customers.get(stripeId)
    const row = loaded ? { ...loaded } : placeholder(stripeId, newId(), now)
    touched.set(stripeId, { row, version: loaded?.version ?? null })
    return row
  }

  for (const { customer } of items) if (customer) touch(customer)
  for (const { best } of winners) if (best.customer) touch(best.customer)
  for (const { best } of winners)
    if (best.snapshot.table === "customers") Object.assign(touch(best.snapshot.id), best.snapshot.row, best.stamp)
  for (const { says, event, customer } of items) {
    if (!customer || !says.customerDeleted) continue
    const row = touch(customer)
    if (row.deletedAt === null || event.createdAt < row.deletedAt) row.deletedAt = event.createdAt
  }
  for (const stripeId of fetched.deletedCustomers) touch(stripeId).deletedAt ??= now
  const survivors = new Map([...state.customers.values()].map((row) => [row.id, row.stripeId]))
  for (const { row } of [...touched.values()]) {
    const survivor = row.mergedInto && survivors.get(row.mergedInto)
    if (survivor) touch(survivor)
  }
  for (const each of touched.values()) each.row = withoutPerson(each.row)
  return touched
}

/** A customer of whom we know but the id: its own record has not been seen and Stripe does not have it. */
function placeholder(stripeId: string, id: string, now: Date): CustomerRow {
  return {
    id,
    stripeId,
    email: null,
    name: null,
    phone: null,
    country: null,
    currency: null,
    locale: null,
    timeZone: null,
    discordName: null,
    metadata: {},
    delinquent: false,
    deletedAt: null,
    erasedAt: null,
    mergedInto: null,
    tags: [],
    stage: "lead",
    stageSince: null,
    stageReviewAt: null,
    createdAt: now,
    version: 0,
    settled: false,
    syncedAt: new Date(0),
    syncedOrder: "",
    digest: "",
  }
}
