import { sql } from "drizzle-orm"
import { index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core"
import type { Permission } from "../../staff/roles.ts"
import { customers, subscriptions } from "./billing.ts"
import { instant } from "./columns.ts"

export const leadKinds = ["lead", "trial"] as const

/** Who showed interest, once per address and source: told twice is known once. */
export const leads = pgTable(
  "leads",
  {
    id: uuid("id").primaryKey(),
    /** Lower case. */
    email: text("email").notNull(),
    source: text("source").notNull(),
    kind: text("kind", { enum: leadKinds }).notNull(),
    name: text("name"),
    plan: text("plan"),
    trialStartedAt: instant("trial_started_at"),
    trialEndsAt: instant("trial_ends_at"),
    /** When they became a paying customer. */
    convertedAt: instant("converted_at"),
    /** When the trial was over without that, and was closed. */
    closedAt: instant("closed_at"),
    data: jsonb("data").$type<Record<string, string>>().notNull().default({}),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    unique("leads_once").on(table.email, table.source),
    index("leads_created").on(table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    index("leads_kind").on(table.kind, table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    index("leads_open_trials")
      .on(table.trialEndsAt)
      .where(sql`kind = 'trial' and closed_at is null and converted_at is null`),
  ],
)

export const hostingActions = ["end_trial"] as const

/** What hosting is asked to do, once each: it waits here until the servers' panel is told. */
export const hostingRequests = pgTable(
  "hosting_requests",
  {
    id: uuid("id").primaryKey(),
    action: text("action", { enum: hostingActions }).notNull(),
    leadId: uuid("lead_id")
      .notNull()
      .references(() => leads.id, { onDelete: "cascade" }),
    requestedAt: instant("requested_at").notNull(),
    doneAt: instant("done_at"),
  },
  (table) => [unique("hosting_requests_once").on(table.leadId, table.action)],
)

export const apiKeys = pgTable("api_keys", {
  id: uuid("id").primaryKey(),
  name: text("name").notNull(),
  /** The first characters, for people to tell keys apart. */
  prefix: text("prefix").notNull(),
  /** SHA-256 of the key, in hex: what is kept here opens nothing. */
  keyHash: text("key_hash").notNull().unique(),
  scopes: text("scopes").array().$type<Permission[]>().notNull(),
  ratePerMinute: integer("rate_per_minute").notNull(),
  createdAt: instant("created_at").notNull(),
  /** `<kind>:<id>`. */
  createdBy: text("created_by").notNull(),
  expiresAt: instant("expires_at").notNull(),
  revokedAt: instant("revoked_at"),
  /** To the minute. */
  lastUsedAt: instant("last_used_at"),
})

/** How often a key was used in the minute under way; one row a key. */
export const apiRateWindows = pgTable("api_rate_windows", {
  apiKeyId: uuid("api_key_id")
    .primaryKey()
    .references(() => apiKeys.id),
  windowStart: instant("window_start").notNull(),
  used: integer("used").notNull(),
})

/** What a write under an Idempotency-Key was answered, for a day. Without a status it is still under way. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    apiKeyId: uuid("api_key_id")
      .notNull()
      .references(() => apiKeys.id),
    key: text("key").notNull(),
    /** SHA-256 of method, path and body. */
    requestHash: text("request_hash").notNull(),
    /** Who holds it; an attempt whose time has run out does not answer for the one that took over. */
    attempt: uuid("attempt").notNull(),
    lockedUntil: instant("locked_until").notNull(),
    createdAt: instant("created_at").notNull(),
    status: integer("status"),
    answer: text("answer"),
  },
  (table) => [
    primaryKey({ columns: [table.apiKeyId, table.key] }),
    index("idempotency_keys_created").on(table.createdAt),
  ],
)

export const cancellationActions = ["cancel", "pause", "coupon"] as const

/**
 * pending: Stripe has not confirmed it yet, tried again until it does. done: Stripe has taken it; the subscription
 * follows by webhook. failed: refused, or given up. superseded: the customer decided anew before Stripe heard of it.
 */
export const cancellationStatuses = ["pending", "done", "failed", "superseded"] as const

/** What a customer who wanted to leave said, and what was agreed: an offer taken, or the end of the period. */
export const cancellations = pgTable(
  "cancellations",
  {
    id: uuid("id").primaryKey(),
    /** Made by the caller, so that asking twice is asking once. */
    requestKey: text("request_key").notNull(),
    customerId: uuid("customer_id")
      .notNull()
      .references(() => customers.id),
    subscriptionId: text("subscription_id")
      .notNull()
      .references(() => subscriptions.id),
    reason: text("reason").notNull(),
    comment: text("comment"),
    action: text("action", { enum: cancellationActions }).notNull(),
    coupon: text("coupon"),
    resumesAt: instant("resumes_at"),
    status: text("status", { enum: cancellationStatuses }).notNull(),
    createdAt: instant("created_at").notNull(),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: instant("next_attempt_at").notNull(),
    /** Until when somebody may be telling Stripe; one at a time for each subscription. */
    leaseUntil: instant("lease_until"),
    lastError: text("last_error"),
    doneAt: instant("done_at"),
  },
  (table) => [
    unique("cancellations_once").on(table.subscriptionId, table.requestKey),
    index("cancellations_customer").on(table.customerId),
    index("cancellations_pending").on(table.nextAttemptAt).where(sql`status = 'pending'`),
  ],
)
