import type { LoadedState } from "../apply/loadState.ts"
import { firstPaidTime } from "../customerStages.ts"
import type { StripeEvent } from "../events/interpretation.ts"
import type { AnySnapshot, Snapshot } from "../snapshot.ts"
import type { Payload } from "../stripe/read.ts"
import { moneyRecord } from "../withoutPersonalData.ts"
import { differences, itemsDiffer } from "./differences.ts"
import type { SyncKind } from "./syncKinds.ts"

export type Finding = { finding: "missing" | "changed" | "deleted"; fields: string[]; events: FoundEvent[] }

/** An event as Stripe would have sent it, had it sent one. */
export type FoundEvent = Pick<StripeEvent, "type" | "createdAt" | "object" | "previous">

interface Input {
  kind: SyncKind
  object: Payload
  snapshot: AnySnapshot
  state: LoadedState
  at: Date
}

const none: Payload = {}
const seconds = (value: unknown): Date | null => (typeof value === "number" ? new Date(value * 1000) : null)
const stripeSeconds = (date: Date | null): number | null => (date ? Math.floor(date.getTime() / 1000) : null)

/**
 * How what Stripe shows of an object differs from our row, as the events that would have told it; null where it does not.
 * What is new to us is dated as Stripe dates it; what has changed at an unknown moment, as it was found.
 */
export function findingOf(input: Input): Finding | null {
  switch (input.kind.table) {
    case "customers":
      return customerFinding(input)
    case "subscriptions":
      return subscriptionFinding(input)
    case "invoices":
      return invoiceFinding(input)
    case "products":
      return catalogueFinding(input, input.state.products.get(input.snapshot.id))
    case "prices":
    case "coupons":
      // Of these only their digests are loaded, and those differ, or they would not be here.
      return catalogueFinding(input, undefined)
  }
}

/** Columns of customers whose change a person would want to see, by Stripe's names. */
const toldOfCustomer: Record<string, string> = {
  email: "email",
  name: "name",
  phone: "phone",
  country: "address",
  currency: "currency",
  delinquent: "delinquent",
  locale: "preferred_locales",
}

function customerFinding({ kind, object, snapshot, state, at }: Input): Finding | null {
  const row = state.customers.get(snapshot.id)
  const type = (what: string) => `${kind.eventPrefix}.${what}`
  if (!row || row.digest === "")
    return {
      finding: "missing",
      fields: [],
      events: [{ type: type("created"), createdAt: seconds(object.created) ?? at, object, previous: none }],
    }
  if (row.erasedAt !== null || row.deletedAt !== null) return null
  const fields = differences(snapshot.row, row)
  if (fields.length === 0) return null
  const previous = Object.fromEntries(
    fields.flatMap((field) => (toldOfCustomer[field] ? [[toldOfCustomer[field], null]] : [])),
  )
  return { finding: "changed", fields, events: [{ type: type("updated"), createdAt: at, object, previous }] }
}

function subscriptionFinding({ kind, object, snapshot, state, at }: Input): Finding | null {
  if (snapshot.table !== "subscriptions") return null
  const { row: shown } = snapshot
  const type = (what: string) => `${kind.eventPrefix}.${what}`
  const row = state.subscriptions.get(snapshot.id)
  const endedAt = shown.endedAt ?? (shown.status === "canceled" ? (shown.canceledAt ?? at) : null)
  if (!row) {
    const createdAt = seconds(object.created) ?? at
    const events: FoundEvent[] = endedAt
      ? lifeOf({ ...shown, endedAt }, object, createdAt, type)
      : [{ type: type("created"), createdAt, object, previous: none }]
    return { finding: "missing", fields: [], events }
  }
  const kept = asKept("subscriptions", shown, row.customerId, state)
  const ours = state.items.get(snapshot.id) ?? []
  const fields = [...differences(kept, row), ...(itemsDiffer(snapshot.items ?? [], ours) ? ["items"] : [])]
  if (fields.length === 0) return null
  const previous: Record<string, unknown> = {}
  if (fields.includes("status")) previous.status = row.status
  if (fields.includes("cancelAtPeriodEnd")) previous.cancel_at_period_end = row.cancelAtPeriodEnd
  if (fields.includes("cancelAt")) previous.cancel_at = stripeSeconds(row.cancelAt)
  if (fields.includes("pauseBehavior"))
    previous.pause_collection = row.pauseBehavior === null ? null : { behavior: row.pauseBehavior }
  if (fields.includes("items"))
    previous.items = { data: ours.map(({ id, priceId, quantity }) => ({ id, price: { id: priceId }, quantity })) }
  const hasEnded = endedAt !== null && row.endedAt === null && fields.includes("status")
  const createdAt = hasEnded ? endedAt : at
  return {
    finding: "changed",
    fields,
    events: [{ type: type(hasEnded ? endOf(shown) : "updated"), createdAt, object, previous }],
  }
}

/** One that was never paid for expires; Stripe tells of that as of any change of status. */
const endOf = ({ status }: { status: string }) => (status === "canceled" ? "deleted" : "updated")

/**
 * The life of an ended subscription, as far as its own times tell it: how it began, whether its trial was paid for, its end.
 */
function lifeOf(
  shown: Snapshot<"subscriptions">["row"] & { endedAt: Date },
  object: Payload,
  createdAt: Date,
  type: (what: string) => string,
): FoundEvent[] {
  const { status, trialEnd, startedAt, endedAt } = shown
  const hadTrial = trialEnd !== null && trialEnd > startedAt
  const began = status === "incomplete_expired" ? "incomplete" : hadTrial ? "trialing" : "active"
  const until = { ended_at: null, canceled_at: null, cancel_at: null, cancel_at_period_end: false }
  const asBegun = { ...object, ...until, status: began }
  const events: FoundEvent[] = [{ type: type("created"), createdAt, object: asBegun, previous: none }]
  const paidSince = firstPaidTime(shown)
  if (hadTrial && paidSince)
    events.push({
      type: type("updated"),
      createdAt: paidSince,
      object: { ...object, ...until, status: "active" },
      previous: { status: "trialing" },
    })
  const last = events.length > 1 || began === "active" ? "active" : began
  events.push({ type: type(endOf(shown)), createdAt: endedAt, object, previous: { status: last } })
  return events
}

function invoiceFinding({ kind, object, snapshot, state, at }: Input): Finding | null {
  if (snapshot.table !== "invoices") return null
  const { row: shown } = snapshot
  const row = state.invoices.get(snapshot.id)
  const event = (what: string, createdAt: Date): FoundEvent => ({
    type: `${kind.eventPrefix}.${what}`,
    createdAt,
    object,
    previous: none,
  })
  if (!row) {
    const finalizedAt = shown.finalizedAt ?? shown.createdAt
    const events = [event("finalized", finalizedAt)]
    if (shown.attemptCount > 0 && shown.status === "open") events.push(event("payment_failed", finalizedAt))
    return { finding: "missing", fields: [], events }
  }
  const fields = differences(asKept("invoices", shown, row.customerId, state), row)
  if (fields.length === 0) return null
  if (fields.includes("status")) {
    if (shown.status === "paid") return { finding: "changed", fields, events: [event("paid", shown.paidAt ?? at)] }
    if (shown.status === "void") return { finding: "changed", fields, events: [event("voided", shown.voidedAt ?? at)] }
    if (shown.status === "uncollectible")
      return { finding: "changed", fields, events: [event("marked_uncollectible", at)] }
    if (row.status === "draft")
      return { finding: "changed", fields, events: [event("finalized", shown.finalizedAt ?? at)] }
  }
  const failedAgain = shown.status === "open" && shown.attemptCount > row.attemptCount
  return { finding: "changed", fields, events: [event(failedAgain ? "payment_failed" : "updated", at)] }
}

/** Of a customer whose data was erased, only what is kept is compared. */
function asKept(table: "subscriptions" | "invoices", row: object, customerId: string, state: LoadedState) {
  const erased = [...state.customers.values()].some(({ id, erasedAt }) => id === customerId && erasedAt !== null)
  return (erased && moneyRecord(table, { ...row })) || { ...row }
}

function catalogueFinding(
  { kind, object, snapshot, state, at }: Input,
  row: Record<string, unknown> | undefined,
): Finding | null {
  const known = row !== undefined || state.stamps.has(`${kind.table}:${snapshot.id}`)
  const fields = row ? differences(snapshot.row, row) : []
  if (row && fields.length === 0) return null
  return {
    finding: known ? "changed" : "missing",
    fields,
    events: [{ type: `${kind.eventPrefix}.updated`, createdAt: at, object, previous: none }],
  }
}
