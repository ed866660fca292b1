import type { AutomationPlan } from "../../automation/planAutomation.ts"
import { planAutomation } from "../../automation/planAutomation.ts"
import type { Change } from "../change.ts"
import { stateOf } from "../events/subscriptionEvents.ts"
import { customerFacts, invoiceFacts, subscriptionFacts } from "../factsOf.ts"
import { orderStates } from "../orderStates.ts"
import { isOwnProduct } from "../productFilter.ts"
import type { SubscriptionItemRow } from "../snapshot.ts"
import { stageHistory } from "../stageHistory.ts"
import type { Contest } from "./candidates.ts"
import type { Fetched } from "./fetchMissing.ts"
import { foldCustomers } from "./foldCustomers.ts"
import type { CustomerRow, InvoiceRow, LoadedState, StateRow, SubscriptionRow } from "./loadState.ts"
import type { ReadBatch, WorkItem } from "./readClaimed.ts"
import { type TimelineRow, timelineRows } from "./timelineRows.ts"

type Rows = Record<string, unknown>[]

/** Everything that one batch writes. */
export interface FoldedBatch {
  /** Every customer touched, as it will stand; `version` is the one that was read, null where there was no row. */
  customers: { row: CustomerRow; version: number | null }[]
  /** Rows by schema table, each the latest of its object, to be written where later than the row. */
  snapshots: Partial<Record<Contest["table"], Rows>>
  items: SubscriptionItemRow[]
  states: StateRow[]
  firstFailures: { id: string; at: Date }[]
  timeline: TimelineRow[]
  stageHistory: { customerId: string; since: Date; stage: string }[]
  automation: AutomationPlan
}

/** Turns what a batch says, and what was there before, into what is to be written. Pure but for `newId`. */
export function foldBatch(input: {
  batch: ReadBatch
  state: LoadedState
  fetched: Fetched
  now: Date
  newId: () => string
}): FoldedBatch {
  const { batch, state, fetched, now, newId } = input
  const { settings } = state
  const winners = fetched.contests.filter(({ wins }) => wins)

  const productNames = new Map([...state.products].map(([id, product]) => [id, product.name]))
  for (const { best } of winners)
    if (best.snapshot.table === "products") productNames.set(best.snapshot.id, best.snapshot.row.name)
  const isOwn = (products: string[]) =>
    products.some((id) => isOwnProduct({ id, name: productNames.get(id) ?? null }, settings.productFilter))

  const customers = foldCustomers({ items: batch.items, winners, state, fetched, now, newId })
  const idOf = (stripeId: string | null) => (stripeId ? (customers.get(stripeId)?.row.id ?? null) : null)

  const subscriptions = new Map(state.subscriptions)
  const items = new Map(state.items)
  const invoices = new Map(state.invoices)
  const snapshots: FoldedBatch["snapshots"] = {}
  const writtenItems: SubscriptionItemRow[] = []

  const inOrder = [...winners].sort((a, b) => Number(a.table === "invoices") - Number(b.table === "invoices"))
  for (const { best, table } of inOrder) {
    if (table === "customers") continue
    const customerId = idOf(best.customer)
    const row: Record<string, unknown> = { ...best.snapshot.row, ...best.stamp }
    if (table !== "products" && table !== "prices" && table !== "invoicePayments") row.customerId = customerId
    if (best.snapshot.table === "subscriptions") {
      if (customerId === null) continue
      const own = best.snapshot.items ?? []
      const relevant = isOwn(own.flatMap((item) => item.productId ?? []))
      row.relevant = relevant
      subscriptions.set(best.snapshot.id, { ...best.snapshot.row, ...best.stamp, customerId, relevant })
      items.set(best.snapshot.id, own)
      writtenItems.push(...own)
    }
    if (best.snapshot.table === "invoices") {
      if (customerId === null) continue
      const before = state.invoices.get(best.snapshot.id)
      const relevant = invoiceRelevant(best.snapshot.row, { isOwn, subscriptions, mode: settings.productFilter.mode })
      row.relevant = relevant
      invoices.set(best.snapshot.id, {
        ...best.snapshot.row,
        ...best.stamp,
        customerId,
        relevant,
        firstFailedAt: before?.firstFailedAt ?? null,
      })
    }
    const rows = snapshots[table] ?? []
    rows.push(row)
    snapshots[table] = rows
  }

  const firstFailures = foldFailures(batch.items, invoices)
  const relevant = (item: WorkItem) =>
    itemRelevant(item, { isOwn, subscriptions, mode: settings.productFilter.mode, customerId: idOf(item.customer) })
  const effective = batch.items.filter((item) => {
    const counts = relevant(item)
    batch.outcomes.set(
      item.event.id,
      counts ? { status: "applied" } : { status: "ignored", reason: "None of its products is in the product filter." },
    )
    return counts
  })

  const states = batch.items.flatMap((item) => stateRow(item, idOf(item.customer), isOwn))
  const histories = foldStages({
    customers: [...customers.values()].map(({ row }) => row),
    states,
    subscriptions,
    state,
    now,
  })

  const changes = [
    ...effective.flatMap((item) =>
      changesOf(item, idOf(item.customer), now, {
        ...Object.fromEntries(state.failures),
        ...Object.fromEntries(fetched.failures),
      }),
    ),
    ...recoveries(batch.items, invoices, now),
  ]
  const automation = planAutomation({
    now,
    newId,
    brandTimeZone: settings.brand.timeZone,
    automation: state.automation,
    changes,
    customers: new Map([...customers.values()].map(({ row }) => [row.id, customerFacts(row)])),
    subscriptions: new Map(
      [...subscriptions].map(([id, row]) => [
        id,
        subscriptionFacts(row, items.get(id) ?? [], (product) => productNames.get(product) ?? null),
      ]),
    ),
    invoices: new Map([...invoices].map(([id, row]) => [id, invoiceFacts(row)])),
  })

  return {
    customers: [...customers.values()],
    snapshots,
    items: writtenItems,
    states,
    firstFailures,
    timeline: timelineRows(effective, idOf, now),
    stageHistory: histories,
    automation,
  }
}

interface Judgement {
  isOwn: (products: string[]) => boolean
  subscriptions: Map<string, SubscriptionRow>
  mode: "all" | "only"
}

function invoiceRelevant(
  row: { lines: { productId: string | null }[]; subscriptionId: string | null },
  { isOwn, subscriptions, mode }: Judgement,
): boolean {
  const products = row.lines.flatMap((line) => line.productId ?? [])
  if (products.length > 0) return isOwn(products)
  const subscription = row.subscriptionId ? subscriptions.get(row.subscriptionId) : undefined
  return subscription?.relevant ?? mode === "all"
}

/** Whether an event may have an effect that its customer sees. */
function itemRelevant(
  { says }: WorkItem,
  { isOwn, subscriptions, mode, customerId }: Judgement & { customerId: string | null },
): boolean {
  if (mode === "all") return true
  if (says.products !== null) return isOwn(says.products)
  const judge = says.judgedBy ? subscriptions.get(says.judgedBy) : undefined
  if (judge) return judge.relevant
  // A payment does not say what it was for: it counts for a customer who has one of our products.
  const aboutMoney = says.snapshots.some(
    ({ table }) => table === "charges" || table === "refunds" || table === "disputes",
  )
  if (!aboutMoney) return true
  return [...subscriptions.values()].some((row) => row.customerId === customerId && row.relevant)
}

/** First failed attempt of each invoice; the loaded or folded invoice rows learn of it too. */
function foldFailures(items: WorkItem[], invoices: Map<string, InvoiceRow>): FoldedBatch["firstFailures"] {
  const first = new Map<string, Date>()
  for (const { says, event } of items)
    if (says.failedInvoice && !first.has(says.failedInvoice)) first.set(says.failedInvoice, event.createdAt)
  for (const [id, at] of first) {
    const invoice = invoices.get(id)
    if (invoice && (invoice.firstFailedAt === null || at < invoice.firstFailedAt))
      invoices.set(id, { ...invoice, firstFailedAt: at })
  }
  return [...first].map(([id, at]) => ({ id, at }))
}

const earlier = (a: Date, b: Date) => (a < b ? a : b)

/** Paid after a failure: told whichever of the two was learnt last. */
function recoveries(items: WorkItem[], invoices: Map<string, InvoiceRow>, now: Date): Change[] {
  const seen = new Set<string>()
  return items.flatMap(({ says, event }) =>
    says.snapshots.flatMap((snapshot) => {
      const invoice = snapshot.table === "invoices" && !seen.has(snapshot.id) ? invoices.get(snapshot.id) : undefined
      if (!invoice?.relevant || invoice.status !== "paid" || invoice.firstFailedAt === null) return []
      const paidAt = invoice.paidAt ?? invoice.syncedAt
      if (paidAt < invoice.firstFailedAt) return []
      seen.add(snapshot.id)
      return {
        kind: "invoice.recovered" as const,
        key: `invoice.recovered:${invoice.id}`,
        occurredAt: earlier(paidAt, now),
        eventId: event.id,
        customerId: invoice.customerId,
        subjectId: invoice.id,
        subscriptionId: invoice.subscriptionId,
        invoiceId: invoice.id,
        data: { amount: invoice.amountPaid, currency: invoice.currency, billingReason: invoice.billingReason },
      }
    }),
  )
}

function changesOf(
  { says, event }: WorkItem,
  customerId: string | null,
  now: Date,
  failures: Record<string, { declineCode: string | null; requiresAction: boolean }>,
): Change[] {
  if (customerId === null) return []
  return says.changes.map((draft) => {
    const failure = draft.kind === "invoice.payment_failed" && draft.invoiceId ? failures[draft.invoiceId] : undefined
    return {
      ...draft,
      key: `${draft.kind}:${draft.key}`,
      // Stripe's clock may run ahead of ours; nothing has happened later than now.
      occurredAt: earlier(event.createdAt, now),
      eventId: event.id,
      customerId,
      data: failure
        ? { ...draft.data, declineCode: failure.declineCode, requiresAction: failure.requiresAction }
        : draft.data,
    }
  })
}

function stateRow(item: WorkItem, customerId: string | null, isOwn: (products: string[]) => boolean): StateRow[] {
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
function foldStages(input: {
  customers: CustomerRow[]
  states: StateRow[]
  subscriptions: Map<string, SubscriptionRow>
  state: LoadedState
  now: Date
}): FoldedBatch["stageHistory"] {
  const { customers, states, subscriptions, state, now } = input
  const fresh = Map.groupBy(states, (row) => row.customerId)
  const current = Map.groupBy(subscriptions.values(), (row) => row.customerId)
  return customers.flatMap((customer) => {
    const added = fresh.get(customer.id)
    if (!added && customer.stageSince !== null) return []
    const known = [...(state.states.get(customer.id) ?? []), ...(added ?? [])]
    // What the row says now has the last word over the looks it came by.
    const latest = (current.get(customer.id) ?? []).map((row) => ({
      ...stateOf({ table: "subscriptions", id: row.id, row, owner: null, settled: row.settled, progress: {} }, null),
      occurredAt: row.syncedAt,
      position: "9",
      relevant: row.relevant,
    }))
    const looks = orderStates([...known, ...latest].filter(({ relevant }) => relevant)).map((look) => ({
      ...look,
      at: look.occurredAt,
    }))
    const history = stageHistory({ createdAt: customer.createdAt, states: looks, now }, state.settings.lifecycle)
    customer.stage = history.stage
    customer.stageSince = history.since
    customer.stageReviewAt = history.reviewAt
    return history.entries.map((entry) => ({ customerId: customer.id, ...entry }))
  })
}
