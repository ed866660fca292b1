import { type AutomationPlan, type PlanInput, planAutomation } from "../../automation/planAutomation.ts"
import { customerFacts, invoiceFacts, subscriptionFacts } from "../factsOf.ts"
import { isOwnProduct } from "../productFilter.ts"
import type { SubscriptionItemRow } from "../snapshot.ts"
import { withKnownCoupons } from "../stripe/discounts.ts"
import { moneyLine, moneyRecord } from "../withoutPersonalData.ts"
import type { Contest } from "./candidates.ts"
import type { Fetched } from "./fetchMissing.ts"
import { changesOf, failuresIn, recoveries } from "./foldChanges.ts"
import { foldCustomers } from "./foldCustomers.ts"
import { foldMrr, type MrrRows } from "./foldMrr.ts"
import { foldStages, type StageRow, stateRow } from "./foldStages.ts"
import type { CustomerRow, InvoiceRow, LoadedState, StateRow } from "./loadState.ts"
import type { ReadBatch, WorkItem } from "./readClaimed.ts"
import { invoiceRelevant, itemRelevant, withPaidForIn } from "./relevance.ts"
import { type TimelineRow, timelineRows } from "./timelineRows.ts"

type Rows = Record<string, unknown>[]

/** Tables whose rows name no customer. */
const ownerless = new Set(["products", "prices", "coupons", "invoicePayments"])

/** Everything that one batch writes. */
export interface FoldedBatch {
  /** Every customer touched, as it will stand; `version` is the one that was read, null where there was no row. */
  customers: { row: CustomerRow; version: number | null }[]
  /** Rows by schema table, each the latest of its object, to be written where later than the row. */
  snapshots: Partial<Record<Contest["table"], Rows>>
  items: SubscriptionItemRow[]
  states: StateRow[]
  /** Of customers whose subscriptions have changed; a customer without a row pays nothing. */
  mrr: MrrRows
  firstFailures: { id: string; at: Date }[]
  timeline: TimelineRow[]
  /** Events of customers whose data was erased: nothing of what they say stays. */
  erasedEvents: string[]
  stageHistory: StageRow[]
  automation: AutomationPlan
}

/** Turns what a batch says, and what was there before, into what is to be written. Pure but for `newId`. */
export function foldBatch(input: {
  batch: ReadBatch
  state: LoadedState
  fetched: Fetched
  now: Date
  newId: () => string
  /** What makes a plan of the changes; a dry run looks at what it is given instead. */
  plan?: (input: PlanInput) => AutomationPlan
}): FoldedBatch {
  const { batch, state, fetched, now, newId, plan = planAutomation } = input
  const { settings } = state
  const winners = fetched.contests.filter(({ wins }) => wins)

  const productNames = new Map([...state.products].map(([id, product]) => [id, product.name]))
  for (const { best } of winners)
    if (best.snapshot.table === "products") productNames.set(best.snapshot.id, best.snapshot.row.name)
  const isOwn = (products: string[]) =>
    products.some((id) => isOwnProduct({ id, name: productNames.get(id) ?? null }, settings.productFilter))

  const customers = foldCustomers({ items: batch.items, winners, state, fetched, now, newId })
  const idOf = (stripeId: string | null) => {
    const row = stripeId ? customers.get(stripeId)?.row : undefined
    return row ? (row.mergedInto ?? row.id) : null
  }

  const erased = new Set<string | null>([...customers.values()].flatMap(({ row }) => (row.erasedAt ? [row.id] : [])))

  const subscriptions = new Map(state.subscriptions)
  const items = new Map(state.items)
  const invoices = new Map(state.invoices)
  const snapshots: FoldedBatch["snapshots"] = {}
  const writtenItems: SubscriptionItemRow[] = []
  const writtenSubscriptions = new Set<string>()

  const inOrder = [...winners].sort((a, b) => Number(a.table === "invoices") - Number(b.table === "invoices"))
  for (const { best, table } of inOrder) {
    if (table === "customers") continue
    const customerId = idOf(best.customer)
    const row: Record<string, unknown> = { ...best.snapshot.row, ...best.stamp }
    if (!ownerless.has(table)) row.customerId = customerId
    if (best.snapshot.table === "subscriptions") {
      if (customerId === null) continue
      const before = state.subscriptions.get(best.snapshot.id)
      const discounts = withKnownCoupons(best.snapshot.row.discounts, before?.discounts)
      row.discounts = discounts
      const itemsBefore = new Map(state.items.get(best.snapshot.id)?.map((item) => [item.id, item.discounts]))
      const own = (best.snapshot.items ?? []).map((item) => ({
        ...item,
        discounts: withKnownCoupons(item.discounts, itemsBefore.get(item.id)),
      }))
      const relevant = isOwn(own.flatMap((item) => item.productId ?? []))
      row.relevant = relevant
      subscriptions.set(best.snapshot.id, { ...best.snapshot.row, discounts, ...best.stamp, customerId, relevant })
      items.set(best.snapshot.id, own)
      writtenItems.push(...own)
      writtenSubscriptions.add(customerId)
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
    const kept = erased.has(customerId) ? moneyRecord(table, row) : row
    if (!kept) continue
    const rows = snapshots[table] ?? []
    rows.push(kept)
    snapshots[table] = rows
  }

  const firstFailures = foldFailures(batch.items, invoices)
  const judgement = { isOwn, subscriptions, mode: settings.productFilter.mode }
  const paidFor = withPaidForIn(batch.items, invoices, state.paidFor)
  for (const [payment, invoice] of fetched.paidInvoices)
    paidFor.set(payment, invoice !== null && invoiceRelevant(invoice, judgement))
  const relevant = (item: WorkItem) => itemRelevant(item, { ...judgement, paidFor })
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

  const failures = new Map([...state.failures, ...failuresIn(batch.items), ...fetched.failures])
  const mrr = foldMrr(writtenSubscriptions, subscriptions, items)

  const changes = [
    ...effective.flatMap((item) => changesOf(item, idOf(item.customer), now, failures)),
    ...recoveries(batch.items, invoices, now),
  ].filter(({ customerId }) => !erased.has(customerId))
  const automation = plan({
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
    mrr,
    firstFailures,
    timeline: timelineRows(effective, idOf, now).flatMap((line) =>
      erased.has(line.customerId) ? (moneyLine(line) ?? []) : line,
    ),
    erasedEvents: batch.items.flatMap((item) => (erased.has(idOf(item.customer)) ? item.event.id : [])),
    stageHistory: histories,
    automation,
  }
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
