import { sql } from "drizzle-orm"
import {
  bigint,
  bigserial,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core"
import { instant } from "./columns.ts"

export const stages = ["lead", "trial", "purchase", "onboarding", "active", "at_risk", "churned", "win_back"] as const
export type Stage = (typeof stages)[number]

/** Money is integer minor units of an ISO 4217 currency (lower case, as Stripe writes it). */
const minorUnits = (name: string) => bigint(name, { mode: "number" })

/**
 * How far along and how new the row is: see shared/billing/precedence.ts. A row takes a snapshot whose
 * (settled, synced_at, synced_order) is greater; `digest` tells whether two of the same second contradict each other.
 */
const syncStamp = {
  settled: boolean("settled").notNull().default(false),
  syncedAt: instant("synced_at").notNull(),
  syncedOrder: text("synced_order").notNull(),
  digest: text("digest").notNull(),
}

/** What staff search a customer by; queries must say it in these words for the index to serve them. */
export const customerSearchText = sql.raw(
  "(lower(coalesce(name, '') || ' ' || coalesce(email, '') || ' ' || coalesce(stripe_id, '') || ' ' || coalesce(discord_name, '')))",
)

export const customers = pgTable(
  "customers",
  {
    id: uuid("id").primaryKey(),
    stripeId: text("stripe_id").unique(),
    email: text("email"),
    name: text("name"),
    phone: text("phone"),
    country: text("country"),
    currency: text("currency"),
    locale: text("locale"),
    timeZone: text("time_zone"),
    /** Of the Discord account that is linked, for staff to find them by. */
    discordName: text("discord_name"),
    metadata: jsonb("metadata").$type<Record<string, string>>().notNull().default({}),
    delinquent: boolean("delinquent").notNull().default(false),
    deletedAt: instant("deleted_at"),
    /** When the person's data was erased: from then on only what the books need is kept. */
    erasedAt: instant("erased_at"),
    /** The customer whose record this one became part of; what Stripe says of either is then theirs. */
    mergedInto: uuid("merged_into"),
    tags: text("tags").array().notNull().default(sql`'{}'`),
    stage: text("stage", { enum: stages }).notNull().default("lead"),
    stageSince: instant("stage_since"),
    /** When the passing of time alone may change the stage. */
    stageReviewAt: instant("stage_review_at"),
    createdAt: instant("created_at").notNull(),
    /** Rises by one with every batch that touches the customer: what is read, folded and written is guarded by it. */
    version: integer("version").notNull().default(0),
    ...syncStamp,
  },
  (table) => [
    index("customers_email").on(sql`lower(${table.email})`),
    index("customers_search").using("gin", sql`${customerSearchText} gin_trgm_ops`),
    index("customers_created").on(table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    index("customers_name").on(sql`lower(coalesce(name, email, ''))`, table.id),
    index("customers_stage").on(table.stage, table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    index("customers_country").on(table.country, table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    index("customers_tags").using("gin", table.tags),
    index("customers_merged").on(table.mergedInto).where(sql`merged_into is not null`),
    index("customers_stage_review").on(table.stageReviewAt).where(sql`stage_review_at is not null`),
  ],
)

const mayBelongToCustomer = () => uuid("customer_id").references(() => customers.id)
const belongsToCustomer = () => mayBelongToCustomer().notNull()

export const products = pgTable("products", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  active: boolean("active").notNull(),
  metadata: jsonb("metadata").$type<Record<string, string>>().notNull().default({}),
  ...syncStamp,
})

export const prices = pgTable("prices", {
  id: text("id").primaryKey(),
  productId: text("product_id"),
  active: boolean("active").notNull(),
  nickname: text("nickname"),
  currency: text("currency").notNull(),
  unitAmount: minorUnits("unit_amount"),
  interval: text("interval"),
  intervalCount: integer("interval_count"),
  ...syncStamp,
})

export const coupons = pgTable("coupons", {
  id: text("id").primaryKey(),
  name: text("name"),
  percentOff: doublePrecision("percent_off"),
  amountOff: minorUnits("amount_off"),
  currency: text("currency"),
  duration: text("duration").notNull(),
  durationInMonths: integer("duration_in_months"),
  valid: boolean("valid").notNull(),
  ...syncStamp,
})

export interface Discount {
  id: string | null
  coupon: string | null
  percentOff: number | null
  amountOff: number | null
  currency: string | null
  duration: string | null
  end: string | null
}

export const subscriptions = pgTable(
  "subscriptions",
  {
    id: text("id").primaryKey(),
    customerId: belongsToCustomer(),
    status: text("status").notNull(),
    currency: text("currency"),
    /** Whether an item is of a product in the filter; false has no customer-facing effect. */
    relevant: boolean("relevant").notNull(),
    cancelAtPeriodEnd: boolean("cancel_at_period_end").notNull(),
    cancelAt: instant("cancel_at"),
    canceledAt: instant("canceled_at"),
    endedAt: instant("ended_at"),
    trialStart: instant("trial_start"),
    trialEnd: instant("trial_end"),
    currentPeriodStart: instant("current_period_start"),
    currentPeriodEnd: instant("current_period_end"),
    startedAt: instant("started_at").notNull(),
    cancellationReason: text("cancellation_reason"),
    cancellationFeedback: text("cancellation_feedback"),
    cancellationComment: text("cancellation_comment"),
    pauseBehavior: text("pause_behavior"),
    pauseResumesAt: instant("pause_resumes_at"),
    collectionMethod: text("collection_method"),
    discounts: jsonb("discounts").$type<Discount[]>().notNull().default([]),
    latestInvoiceId: text("latest_invoice_id"),
    metadata: jsonb("metadata").$type<Record<string, string>>().notNull().default({}),
    ...syncStamp,
  },
  (table) => [
    index("subscriptions_customer").on(table.customerId),
    /** For ids that begin as somebody types. */
    index("subscriptions_id_prefix").on(table.id.op("text_pattern_ops")),
    index("subscriptions_at_risk")
      .on(table.customerId)
      .where(sql`relevant and (status = 'past_due' or (cancel_at_period_end and status = 'active'))`),
  ],
)

export const subscriptionItems = pgTable(
  "subscription_items",
  {
    id: text("id").primaryKey(),
    subscriptionId: text("subscription_id")
      .notNull()
      .references(() => subscriptions.id),
    priceId: text("price_id"),
    productId: text("product_id"),
    quantity: integer("quantity"),
    currency: text("currency"),
    unitAmount: minorUnits("unit_amount"),
    /** Minor units with up to 12 decimals, for prices below a cent. */
    unitAmountDecimal: numeric("unit_amount_decimal"),
    interval: text("interval"),
    intervalCount: integer("interval_count"),
    usageType: text("usage_type"),
    discounts: jsonb("discounts").$type<Discount[]>().notNull().default([]),
  },
  (table) => [
    index("subscription_items_subscription").on(table.subscriptionId),
    index("subscription_items_product").on(table.productId),
  ],
)

/** What a subscription looked like at each event: the source of stage history and of MRR movements. Append-only. */
export const subscriptionStates = pgTable(
  "subscription_states",
  {
    subscriptionId: text("subscription_id").notNull(),
    eventId: text("event_id").notNull(),
    customerId: belongsToCustomer(),
    occurredAt: instant("occurred_at").notNull(),
    /** `<created 0, changed 1, deleted 2>~<event id>`: order among the states of one second, as far as it can be told. */
    position: text("position").notNull(),
    status: text("status").notNull(),
    /** What the event says the status was before; the same as `status` where it changed something else. */
    statusBefore: text("status_before"),
    relevant: boolean("relevant").notNull(),
    cancelScheduled: boolean("cancel_scheduled").notNull(),
    paused: boolean("paused").notNull(),
    items: jsonb("items").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.subscriptionId, table.eventId] }),
    index("subscription_states_customer").on(table.customerId),
  ],
)

export interface InvoiceLine {
  id: string
  description: string | null
  amount: number
  quantity: number | null
  priceId: string | null
  productId: string | null
  proration: boolean
  periodStart: string | null
  periodEnd: string | null
}

export interface InvoiceTax {
  amount: number
  taxableAmount: number | null
  inclusive: boolean
  rateId: string | null
  taxabilityReason: string | null
}

export const invoices = pgTable(
  "invoices",
  {
    id: text("id").primaryKey(),
    customerId: belongsToCustomer(),
    subscriptionId: text("subscription_id"),
    number: text("number"),
    status: text("status").notNull(),
    relevant: boolean("relevant").notNull(),
    currency: text("currency").notNull(),
    subtotal: minorUnits("subtotal").notNull(),
    total: minorUnits("total").notNull(),
    totalExcludingTax: minorUnits("total_excluding_tax"),
    tax: minorUnits("tax").notNull(),
    amountDue: minorUnits("amount_due").notNull(),
    amountPaid: minorUnits("amount_paid").notNull(),
    amountRemaining: minorUnits("amount_remaining").notNull(),
    attemptCount: integer("attempt_count").notNull(),
    nextPaymentAttempt: instant("next_payment_attempt"),
    billingReason: text("billing_reason"),
    hostedInvoiceUrl: text("hosted_invoice_url"),
    dueAt: instant("due_at"),
    periodStart: instant("period_start"),
    periodEnd: instant("period_end"),
    finalizedAt: instant("finalized_at"),
    paidAt: instant("paid_at"),
    voidedAt: instant("voided_at"),
    lines: jsonb("lines").$type<InvoiceLine[]>().notNull().default([]),
    taxes: jsonb("taxes").$type<InvoiceTax[]>().notNull().default([]),
    discounts: jsonb("discounts").$type<Discount[]>().notNull().default([]),
    /** First failed payment attempt that an event told us of; outlives later snapshots. */
    firstFailedAt: instant("first_failed_at"),
    createdAt: instant("created_at").notNull(),
    ...syncStamp,
  },
  (table) => [
    index("invoices_customer").on(table.customerId),
    index("invoices_subscription").on(table.subscriptionId),
    index("invoices_open").on(table.createdAt).where(sql`status = 'open'`),
  ],
)

/** Which payment settled which invoice; since 2025-03-31 the only link between the two. */
export const invoicePayments = pgTable(
  "invoice_payments",
  {
    id: text("id").primaryKey(),
    invoiceId: text("invoice_id").notNull(),
    paymentIntentId: text("payment_intent_id"),
    chargeId: text("charge_id"),
    status: text("status").notNull(),
    currency: text("currency").notNull(),
    amountRequested: minorUnits("amount_requested").notNull(),
    amountPaid: minorUnits("amount_paid"),
    paidAt: instant("paid_at"),
    ...syncStamp,
  },
  (table) => [
    index("invoice_payments_invoice").on(table.invoiceId),
    index("invoice_payments_payment_intent").on(table.paymentIntentId),
  ],
)

export const paymentIntents = pgTable(
  "payment_intents",
  {
    id: text("id").primaryKey(),
    customerId: mayBelongToCustomer(),
    invoiceId: text("invoice_id"),
    status: text("status").notNull(),
    currency: text("currency").notNull(),
    amount: minorUnits("amount").notNull(),
    amountReceived: minorUnits("amount_received").notNull(),
    latestChargeId: text("latest_charge_id"),
    failureCode: text("failure_code"),
    declineCode: text("decline_code"),
    failureMessage: text("failure_message"),
    createdAt: instant("created_at").notNull(),
    ...syncStamp,
  },
  (table) => [
    index("payment_intents_customer").on(table.customerId),
    index("payment_intents_invoice").on(table.invoiceId),
  ],
)

/** One row an attempt to take money. */
export const charges = pgTable(
  "charges",
  {
    id: text("id").primaryKey(),
    customerId: mayBelongToCustomer(),
    invoiceId: text("invoice_id"),
    paymentIntentId: text("payment_intent_id"),
    paymentMethodId: text("payment_method_id"),
    status: text("status").notNull(),
    currency: text("currency").notNull(),
    amount: minorUnits("amount").notNull(),
    amountCaptured: minorUnits("amount_captured").notNull(),
    amountRefunded: minorUnits("amount_refunded").notNull(),
    disputed: boolean("disputed").notNull(),
    failureCode: text("failure_code"),
    declineCode: text("decline_code"),
    failureMessage: text("failure_message"),
    receiptUrl: text("receipt_url"),
    createdAt: instant("created_at").notNull(),
    ...syncStamp,
  },
  (table) => [
    index("charges_customer").on(table.customerId),
    index("charges_payment_intent").on(table.paymentIntentId),
    index("charges_invoice").on(table.invoiceId),
  ],
)

export const refunds = pgTable(
  "refunds",
  {
    id: text("id").primaryKey(),
    customerId: mayBelongToCustomer(),
    chargeId: text("charge_id"),
    paymentIntentId: text("payment_intent_id"),
    status: text("status").notNull(),
    currency: text("currency").notNull(),
    amount: minorUnits("amount").notNull(),
    reason: text("reason"),
    failureReason: text("failure_reason"),
    createdAt: instant("created_at").notNull(),
    ...syncStamp,
  },
  (table) => [index("refunds_customer").on(table.customerId), index("refunds_charge").on(table.chargeId)],
)

export const disputes = pgTable(
  "disputes",
  {
    id: text("id").primaryKey(),
    customerId: mayBelongToCustomer(),
    chargeId: text("charge_id"),
    paymentIntentId: text("payment_intent_id"),
    status: text("status").notNull(),
    reason: text("reason"),
    currency: text("currency").notNull(),
    amount: minorUnits("amount").notNull(),
    evidenceDueBy: instant("evidence_due_by"),
    createdAt: instant("created_at").notNull(),
    ...syncStamp,
  },
  (table) => [index("disputes_customer").on(table.customerId), index("disputes_charge").on(table.chargeId)],
)

export const paymentMethods = pgTable(
  "payment_methods",
  {
    id: text("id").primaryKey(),
    /** Null once detached. */
    customerId: mayBelongToCustomer(),
    type: text("type").notNull(),
    brand: text("brand"),
    last4: text("last4"),
    expMonth: integer("exp_month"),
    expYear: integer("exp_year"),
    createdAt: instant("created_at").notNull(),
    ...syncStamp,
  },
  (table) => [index("payment_methods_customer").on(table.customerId)],
)

export const taxIds = pgTable(
  "tax_ids",
  {
    id: text("id").primaryKey(),
    customerId: mayBelongToCustomer(),
    type: text("type").notNull(),
    value: text("value"),
    country: text("country"),
    verificationStatus: text("verification_status"),
    deleted: boolean("deleted").notNull(),
    ...syncStamp,
  },
  (table) => [index("tax_ids_customer").on(table.customerId)],
)

export const timelineSources = ["stripe", "resend", "sync", "rule", "staff", "job", "api", "support"] as const

/** What a person would want to see on a customer, newest first. Append-only. */
export const timelineEntries = pgTable(
  "timeline_entries",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    /** Natural key: what is told, and by which source item. Telling it twice is telling it once. */
    key: text("key").notNull(),
    customerId: belongsToCustomer(),
    occurredAt: instant("occurred_at").notNull(),
    kind: text("kind").notNull(),
    data: jsonb("data").$type<Record<string, unknown>>().notNull(),
    source: text("source", { enum: timelineSources }).notNull(),
    /** Id of the source item: Stripe event, svix id, job run, staff member. */
    sourceId: text("source_id"),
  },
  (table) => [
    unique("timeline_entries_key").on(table.key),
    index("timeline_entries_customer").on(
      table.customerId,
      table.occurredAt.desc().nullsFirst(),
      table.id.desc().nullsFirst(),
    ),
  ],
)

/** Every stage the customer has been in, derived anew from `subscription_states` whenever these change. */
export const stageHistory = pgTable(
  "stage_history",
  {
    customerId: belongsToCustomer(),
    since: instant("since").notNull(),
    stage: text("stage", { enum: stages }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.customerId, table.since] })],
)
