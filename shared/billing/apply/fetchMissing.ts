import { AppError, toAppError } from "../../errors.ts"
import type { Retrieved } from "../../vendors/stripe.ts"
import type { Snapshot, SnapshotTable } from "../snapshot.ts"
import { readInvoice } from "../stripe/invoice.ts"
import { idOf, list, part, text } from "../stripe/read.ts"
import { apiObjects, type Candidate, type Contest, candidateFromApi, candidatesOf, contests } from "./candidates.ts"
import type { LoadedState, PaymentFailure } from "./loadState.ts"
import { productIdsOf } from "./loadState.ts"
import type { Lookups } from "./lookups.ts"
import type { ReadBatch, WorkItem } from "./readClaimed.ts"
import { invoiceOfIntents, judgedPayments, type Payment, paymentsOf } from "./relevance.ts"

type PaidInvoice = Snapshot<"invoices">["row"]

export interface Fetched {
  /** What the batch and Stripe say of each object, the latest only. */
  contests: Contest[]
  failures: Map<string, PaymentFailure>
  /** Customers that Stripe says are deleted. */
  deletedCustomers: Set<string>
  /** The invoice that a payment paid, null for none; by payment, of those that only Stripe could tell. */
  paidInvoices: Map<string, PaidInvoice | null>
}

/**
 * Asks Stripe for what the batch needs and neither it nor the database holds: customers and products never seen before,
 * what a payment was for where the product filter has to know, objects of which two payloads of one second contradict each other, and why a payment failed. An event whose question
 * found no answer is failing; the others go on.
 */
export async function fetchMissing(batch: ReadBatch, state: LoadedState, lookups: Lookups): Promise<Fetched> {
  const told = batch.items.flatMap(candidatesOf)
  const wanted: Wanted[] = [
    ...unknownObjects(batch.items, told, state),
    ...contests(told, state.stamps)
      .filter(({ contradiction }) => contradiction)
      .map(({ table, id, best, eventIds }) => ({ table, id, notBefore: best.stamp.syncedAt, eventIds })),
  ]
  const failedInvoices = unexplainedFailures(batch.items, told, state)
  const payments = unjudgedPayments(batch.items, told, state)

  await Promise.all([
    ...wanted.map(({ table, id }) => lookups.retrieve(apiObjects[table].path(id))),
    ...failedInvoices.map(({ invoice }) => lookups.retrieve(failurePath(invoice))),
    ...payments.map(({ payment }) => lookups.retrieve(paidInvoicePath(payment))),
  ])
  const answers = readAnswers(wanted, lookups, batch)
  const paidInvoices = readPaidInvoices(payments, lookups, batch)

  // What these are judged by: products that only the answers name.
  const products = unknownProducts([...told, ...answers.fetched], [...paidInvoices.values()], state)
  const eventIds = new Set(wanted.flatMap((each) => [...each.eventIds]).concat(payments.map(({ eventId }) => eventId)))
  const named = products.map((id) => ({ table: "products" as const, id, notBefore: new Date(0), eventIds }))
  await Promise.all(named.map(({ table, id }) => lookups.retrieve(apiObjects[table].path(id))))
  const more = readAnswers(named, lookups, batch)

  const failures = new Map<string, PaymentFailure>()
  for (const { invoice, eventId } of failedInvoices) {
    const answer = usable(lookups.result(failurePath(invoice)), new Set([eventId]), batch)
    const failure = answer && readFailure(answer)
    if (failure) failures.set(invoice, failure)
  }
  batch.items = batch.items.filter((item) => !batch.outcomes.has(item.event.id))
  return {
    contests: contests([...batch.items.flatMap(candidatesOf), ...answers.fetched, ...more.fetched], state.stamps),
    failures,
    deletedCustomers: answers.deletedCustomers,
    paidInvoices,
  }
}

/** Answers as snapshots; an event whose question found none is failing. */
function readAnswers(wanted: Wanted[], lookups: Lookups, batch: ReadBatch) {
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
  return { fetched, deletedCustomers }
}

interface Wanted {
  table: SnapshotTable
  id: string
  notBefore: Date
  eventIds: Set<string>
}

function unknownObjects(items: WorkItem[], told: Candidate[], state: LoadedState): Wanted[] {
  const toldIds = new Set(told.map(({ snapshot }) => `${snapshot.table}:${snapshot.id}`))
  const wanted = new Map<string, Wanted>()
  const filtered = state.settings.productFilter.mode === "only"
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
    const { products, judgedBy } = item.says
    if (filtered && products === null && judgedBy && !state.subscriptions.has(judgedBy))
      want("subscriptions", judgedBy, item.event.id)
  }
  return [...wanted.values()]
}

/** Payments of which only Stripe can tell what they paid for: it decides whether they are about one of our products. */
function unjudgedPayments(items: WorkItem[], told: Candidate[], state: LoadedState) {
  if (state.settings.productFilter.mode === "all") return []
  const intents = invoiceOfIntents(items)
  const toldInvoices = new Set(told.flatMap(({ snapshot }) => (snapshot.table === "invoices" ? [snapshot.id] : [])))
  const isTold = (payment: Payment) => {
    const invoiceId = payment.invoiceId ?? intents.get(payment.paymentIntentId ?? "")
    return invoiceId !== undefined && (toldInvoices.has(invoiceId) || state.paidFor.has(invoiceId))
  }
  return items.flatMap((item) =>
    paymentsOf(item)
      .filter((payment) => item.says.products === null && judgedPayments([payment], state.paidFor).length === 0)
      .filter((payment) => !isTold(payment) && (payment.invoiceId ?? payment.paymentIntentId) !== null)
      .map((payment) => ({ payment, eventId: item.event.id })),
  )
}

const paidInvoicePath = ({ invoiceId, paymentIntentId }: Payment): string =>
  invoiceId
    ? apiObjects.invoices.path(invoiceId)
    : `/v1/invoice_payments?payment[type]=payment_intent&payment[payment_intent]=${encodeURIComponent(paymentIntentId ?? "")}&expand[]=data.invoice`

function readPaidInvoices(payments: ReturnType<typeof unjudgedPayments>, lookups: Lookups, batch: ReadBatch) {
  const invoices = new Map<string, PaidInvoice | null>()
  for (const { payment, eventId } of payments) {
    const answer = usable(lookups.result(paidInvoicePath(payment)), new Set([eventId]), batch)
    const [first] = answer ? list(answer.object, "data") : []
    const invoice = payment.invoiceId ? answer?.object : first && part(first, "invoice")
    try {
      invoices.set(payment.key, invoice ? readInvoice(invoice).row : null)
    } catch (thrown) {
      fail(new Set([eventId]), toAppError(thrown), batch)
    }
  }
  return invoices
}

function unknownProducts(told: Candidate[], invoices: (PaidInvoice | null)[], state: LoadedState): string[] {
  if (state.settings.productFilter.mode === "all") return []
  const known = new Set(state.products.keys())
  for (const { snapshot } of told) if (snapshot.table === "products") known.add(snapshot.id)
  const named = [
    ...told.flatMap(({ snapshot }) => (snapshot.items ?? []).flatMap(({ productId }) => productId ?? [])),
    ...invoices.flatMap((invoice) => (invoice?.lines ?? []).flatMap(({ productId }) => productId ?? [])),
  ]
  return [...new Set(named)].filter((id) => !known.has(id))
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
