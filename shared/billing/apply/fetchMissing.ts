import { AppError, toAppError } from "../../errors.ts"
import type { Retrieved } from "../../vendors/stripe.ts"
import { idOf, list, part, text } from "../stripe/read.ts"
import { apiObjects, type Candidate, type Contest, candidateFromApi, candidatesOf, contests } from "./candidates.ts"
import type { LoadedState, PaymentFailure } from "./loadState.ts"
import { productIdsOf } from "./loadState.ts"
import type { Lookups } from "./lookups.ts"
import type { ReadBatch, WorkItem } from "./readClaimed.ts"

export interface Fetched {
  /** What the batch and Stripe say of each object, the latest only. */
  contests: Contest[]
  failures: Map<string, PaymentFailure>
  /** Customers that Stripe says are deleted. */
  deletedCustomers: Set<string>
}

/**
 * Asks Stripe for what the batch needs and neither it nor the database holds: customers and products never seen before,
 * objects of which two payloads of one second contradict each other, and why a payment failed. An event whose question
 * found no answer is failing; the others go on.
 */
export async function fetchMissing(batch: ReadBatch, state: LoadedState, lookups: Lookups): Promise<Fetched> {
  const told = batch.items.flatMap(candidatesOf)
  const wanted = [
    ...unknownObjects(batch.items, told, state),
    ...contests(told, state.stamps)
      .filter(({ contradiction }) => contradiction)
      .map(({ table, id, best, eventIds }) => ({ table, id, notBefore: best.stamp.syncedAt, eventIds })),
  ]
  const failedInvoices = unexplainedFailures(batch.items, told, state)

  await Promise.all([
    ...wanted.map(({ table, id }) => lookups.retrieve(apiObjects[table].path(id))),
    ...failedInvoices.map(({ invoice }) => lookups.retrieve(failurePath(invoice))),
  ])

  const fetched: Candidate[] = []
  const deletedCustomers = new Set<string>()
  for (const { table, id, notBefore, eventIds } of wanted) {
    const answer = usable(lookups.result(apiObjects[table].path(id)), eventIds, batch)
    if (!answer) continue
    if (table === "customers" && answer.object.deleted === true) deletedCustomers.add(id)
    else {
      try {
        fetched.push(candidateFromApi(table, answer, notBefore, [...eventIds][0] ?? ""))
      } catch (thrown) {
        fail(eventIds, toAppError(thrown), batch)
      }
    }
  }
  const failures = new Map<string, PaymentFailure>()
  for (const { invoice, eventId } of failedInvoices) {
    const answer = usable(lookups.result(failurePath(invoice)), new Set([eventId]), batch)
    const failure = answer && readFailure(answer)
    if (failure) failures.set(invoice, failure)
  }
  batch.items = batch.items.filter((item) => !batch.outcomes.has(item.event.id))
  return {
    contests: contests([...batch.items.flatMap(candidatesOf), ...fetched], state.stamps),
    failures,
    deletedCustomers,
  }
}

interface Wanted {
  table: "customers" | "products"
  id: string
  notBefore: Date
  eventIds: Set<string>
}

function unknownObjects(items: WorkItem[], told: Candidate[], state: LoadedState): Wanted[] {
  const toldIds = new Set(told.map(({ snapshot }) => `${snapshot.table}:${snapshot.id}`))
  const wanted = new Map<string, Wanted>()
  const want = (table: Wanted["table"], id: string, eventId: string) => {
    const key = `${table}:${id}`
    if (toldIds.has(key)) return
    const entry = wanted.get(key) ?? { table, id, notBefore: new Date(0), eventIds: new Set() }
    entry.eventIds.add(eventId)
    wanted.set(key, entry)
  }
  for (const item of items) {
    const { customer } = item
    if (customer && !state.customers.has(customer) && !item.says.customerDeleted)
      want("customers", customer, item.event.id)
    for (const product of productIdsOf([item]))
      if (!state.products.has(product)) want("products", product, item.event.id)
  }
  return [...wanted.values()]
}

/** Failed invoices of which neither batch nor database knows the failed payment. */
function unexplainedFailures(items: WorkItem[], told: Candidate[], state: LoadedState) {
  const explained = new Set(state.failures.keys())
  for (const { snapshot } of told) {
    if (snapshot.table === "charges" && snapshot.row.invoiceId) explained.add(snapshot.row.invoiceId)
    if (snapshot.table === "paymentIntents" && snapshot.row.invoiceId) explained.add(snapshot.row.invoiceId)
  }
  return items.flatMap(({ says, event }) =>
    says.failedInvoice && !explained.has(says.failedInvoice)
      ? [{ invoice: says.failedInvoice, eventId: event.id }]
      : [],
  )
}

const failurePath = (invoice: string) =>
  `/v1/invoice_payments?invoice=${encodeURIComponent(invoice)}&expand[]=data.payment.payment_intent`

function readFailure(answer: Retrieved): PaymentFailure | null {
  for (const payment of list(answer.object, "data")) {
    const intent = part(part(payment, "payment"), "payment_intent")
    if (!idOf({ intent }, "intent")) continue
    const error = part(intent, "last_payment_error")
    const declineCode = text(error, "decline_code")
    return {
      declineCode,
      failureCode: text(error, "code"),
      requiresAction:
        text(intent, "status") === "requires_action" ||
        declineCode === "authentication_required" ||
        text(error, "code") === "authentication_required",
    }
  }
  return null
}

function usable(
  result: Retrieved | null | AppError | undefined,
  eventIds: Set<string>,
  batch: ReadBatch,
): Retrieved | null {
  if (result instanceof AppError) fail(eventIds, result, batch)
  return result instanceof AppError || result === undefined ? null : result
}

function fail(eventIds: Set<string>, error: AppError, batch: ReadBatch): void {
  for (const eventId of eventIds) batch.outcomes.set(eventId, { status: "failing", error })
}
