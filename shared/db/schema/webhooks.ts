import { sql } from "drizzle-orm"
import { boolean, index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core"
import { instant } from "./columns.ts"

export const eventStatuses = ["received", "applied", "ignored", "retrying", "failed"] as const
export const eventOrigins = ["webhook", "recovered"] as const
export type EventStatus = (typeof eventStatuses)[number]

/**
 * Every webhook Stripe sent us, as sent. `received` and `retrying` are work to do (`nextAttemptAt` is also the
 * lease of whoever is at it); `ignored` has no effect, with its reason; `failed` is set aside for staff.
 */
export const stripeEvents = pgTable(
  "stripe_events",
  {
    id: text("id").primaryKey(),
    type: text("type").notNull(),
    apiVersion: text("api_version"),
    livemode: boolean("livemode").notNull(),
    account: text("account"),
    createdAt: instant("created_at").notNull(),
    receivedAt: instant("received_at").notNull(),
    /** Brought by a webhook, or fetched from Stripe because none had come. */
    origin: text("origin", { enum: eventOrigins }).notNull().default("webhook"),
    /** The raw body. Text, not jsonb: JSON may hold what jsonb refuses, and the body is evidence. */
    payload: text("payload").notNull(),
    /** Stripe id of the object inside. */
    objectId: text("object_id"),
    /** Stripe id of the customer whom the object names, if it does. */
    stripeCustomerId: text("stripe_customer_id"),
    status: text("status", { enum: eventStatuses }).notNull().default("received"),
    reason: text("reason"),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: instant("next_attempt_at").notNull(),
    settledAt: instant("settled_at"),
  },
  (table) => [
    index("stripe_events_due").on(table.nextAttemptAt).where(sql`status in ('received', 'retrying')`),
    index("stripe_events_failed").on(table.receivedAt).where(sql`status = 'failed'`),
    index("stripe_events_received").on(table.receivedAt),
    index("stripe_events_recovered").on(table.receivedAt.desc().nullsFirst()).where(sql`origin = 'recovered'`),
  ],
)

/** Every webhook Resend sent us, keyed by svix-id: a replay carries the same one. */
export const resendEvents = pgTable(
  "resend_events",
  {
    svixId: text("svix_id").primaryKey(),
    type: text("type").notNull(),
    createdAt: instant("created_at").notNull(),
    receivedAt: instant("received_at").notNull(),
    payload: text("payload").notNull(),
    outboxId: text("outbox_id"),
    emailId: text("email_id"),
    status: text("status", { enum: eventStatuses }).notNull().default("received"),
    reason: text("reason"),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: instant("next_attempt_at").notNull(),
    settledAt: instant("settled_at"),
  },
  (table) => [
    index("resend_events_due").on(table.nextAttemptAt).where(sql`status in ('received', 'retrying')`),
    index("resend_events_failed").on(table.receivedAt).where(sql`status = 'failed'`),
    index("resend_events_received").on(table.receivedAt, table.svixId),
    index("resend_events_mail").on(table.emailId).where(sql`type = 'email.received'`),
  ],
)

/** What staff may change lives here, one row a setting; shared/settings says the names and shapes. */
export const settings = pgTable("settings", {
  name: text("name").primaryKey(),
  value: jsonb("value").notNull(),
  updatedAt: instant("updated_at").notNull(),
})
