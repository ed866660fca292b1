import { type SQL, sql } from "drizzle-orm"
import type { Operator } from "../automation/ruleSchema.ts"
import { stages } from "../db/schema/billing.ts"

/** `choice` is a text of a few known ones; `texts` and `choices` are lists; a `date` is a day in UTC. */
export type SegmentFieldType = "text" | "choice" | "texts" | "choices" | "number" | "flag" | "date"

export interface SegmentField {
  label: string
  type: SegmentFieldType
  /** What it may be, where that is known beforehand; `products` are those there are. */
  choices?: readonly string[] | "products"
  /** Where its value is: a column of `customers c`, or one of other rows that belong to the customer. */
  value: SQL
  among?: (holds: SQL) => SQL
}

export const segmentOperators: Record<SegmentFieldType, readonly Operator[]> = {
  text: ["eq", "ne", "in", "not_in", "contains", "not_contains", "starts_with", "exists", "not_exists"],
  choice: ["in", "not_in", "eq", "ne"],
  texts: ["in", "not_in", "contains", "not_contains"],
  choices: ["in", "not_in", "contains", "not_contains"],
  number: ["gte", "lte", "gt", "lt", "eq", "ne", "exists", "not_exists"],
  flag: ["eq", "ne"],
  date: ["gte", "lt", "exists", "not_exists"],
}

const column = (name: string, label: string, type: SegmentFieldType = "text"): SegmentField => ({
  label,
  type,
  value: sql`c.${sql.identifier(name)}`,
})

/** A negative operator on these says that no subscription of the customer is so. */
const ofSubscription = (value: SQL, label: string, type: SegmentFieldType): SegmentField => ({
  label: `Subscription: ${label}`,
  type,
  value,
  among: (holds) => sql`c.id in (select s.customer_id from subscriptions s where s.relevant and ${holds})`,
})

const ofItem = (name: string, label: string, type: SegmentFieldType): SegmentField => ({
  label: `Subscription: ${label}`,
  type,
  value: sql`array[i.${sql.identifier(name)}]`,
  among: (holds) => sql`c.id in (select s.customer_id from subscription_items i
    join subscriptions s on s.id = i.subscription_id where s.relevant and ${holds})`,
})

const subscriptionStatuses = [
  "trialing",
  "active",
  "past_due",
  "unpaid",
  "paused",
  "canceled",
  "incomplete",
  "incomplete_expired",
] as const

/** By the names that conditions of rules have for them, and the list's columns besides. */
const fields: Record<string, SegmentField> = {
  "customer.stage": { ...column("stage", "Stage", "choice"), choices: stages },
  "customer.country": column("country", "Country"),
  "customer.tags": column("tags", "Tags", "texts"),
  "customer.name": column("name", "Name"),
  "customer.email": column("email", "E-mail"),
  "customer.createdAt": column("created_at", "Customer since", "date"),
  "customer.currency": column("currency", "Currency"),
  "customer.locale": column("locale", "Language"),
  "customer.timeZone": column("time_zone", "Time zone"),
  "customer.stripeId": column("stripe_id", "Stripe id"),
  "customer.delinquent": column("delinquent", "Owes an invoice, says Stripe", "flag"),
  "subscription.status": {
    ...ofSubscription(sql`s.status`, "status", "choice"),
    choices: subscriptionStatuses,
  },
  "subscription.products": { ...ofItem("product_id", "product", "choices"), choices: "products" },
  "subscription.prices": ofItem("price_id", "price id", "texts"),
  "subscription.intervals": { ...ofItem("interval", "interval", "choices"), choices: ["day", "week", "month", "year"] },
  "subscription.currency": ofSubscription(sql`s.currency`, "currency", "text"),
  "subscription.cancelScheduled": ofSubscription(
    sql`((s.cancel_at_period_end or s.cancel_at is not null) and s.ended_at is null)`,
    "ends when the period does",
    "flag",
  ),
  "subscription.paused": ofSubscription(sql`(s.pause_behavior is not null or s.status = 'paused')`, "paused", "flag"),
  "subscription.trialEnd": ofSubscription(sql`s.trial_end`, "trial ends", "date"),
  "subscription.currentPeriodEnd": ofSubscription(sql`s.current_period_end`, "period ends", "date"),
  "subscription.endedAt": ofSubscription(sql`s.ended_at`, "ended", "date"),
  "subscription.cancellationReason": ofSubscription(sql`s.cancellation_reason`, "why it was cancelled", "text"),
}

/** What a path names, `mrr.eur` for what is paid a month in euros; null where it names nothing. */
export function segmentField(path: string): SegmentField | null {
  if (Object.hasOwn(fields, path)) return fields[path] ?? null
  const currency = /^mrr\.([a-z]{3})$/.exec(path)?.[1]
  if (!currency) return null
  return {
    label: `MRR in ${currency.toUpperCase()}`,
    type: "number",
    value: sql`m.amount`,
    among: (holds) =>
      sql`c.id in (select m.customer_id from customer_mrr m where m.currency = ${currency} and ${holds})`,
  }
}

/** Every path there is, with what is paid in these currencies. */
export const segmentPaths = (currencies: string[]): string[] => [
  ...Object.keys(fields),
  ...currencies.map((currency) => `mrr.${currency}`),
]
