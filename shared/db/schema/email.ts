import { sql } from "drizzle-orm"
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core"
import { mailClasses } from "./automation.ts"
import { customers } from "./billing.ts"
import { instant } from "./columns.ts"

export const templates = pgTable("templates", {
  id: text("id").primaryKey(),
  /** The version in use. */
  version: integer("version").notNull(),
  name: text("name").notNull(),
  mailClass: text("mail_class", { enum: mailClasses }).notNull(),
  updatedAt: instant("updated_at").notNull(),
})

/** LiquidJS sources, immutable once written; an outbox row names the version it was frozen with. */
export const templateVersions = pgTable(
  "template_versions",
  {
    templateId: text("template_id").notNull(),
    version: integer("version").notNull(),
    subject: text("subject").notNull(),
    html: text("html").notNull(),
    text: text("text").notNull(),
    createdAt: instant("created_at").notNull(),
    createdBy: text("created_by").notNull(),
  },
  (table) => [primaryKey({ columns: [table.templateId, table.version] })],
)

/**
 * One request to Resend: up to 100 frozen messages in a fixed order, under one Idempotency-Key, which is its id. While
 * it is open it is sent again as it is, whoever died over it; after 23 hours it is given up and its mails reconciled.
 */
export const emailRequests = pgTable(
  "email_requests",
  {
    id: uuid("id").primaryKey(),
    status: text("status", { enum: ["open", "done", "given_up"] }).notNull(),
    leaseUntil: instant("lease_until").notNull(),
    attempts: integer("attempts").notNull(),
    firstAttemptAt: instant("first_attempt_at").notNull(),
    lastAnswer: text("last_answer"),
  },
  (table) => [index("email_requests_open").on(table.leaseUntil).where(sql`status = 'open'`)],
)

/**
 * due: waits for due_at. sending: frozen and handed to Resend, answer unknown yet (retried under the same key).
 * sent: Resend has it. unknown: it may have it, and only its webhooks can tell. failed: refused for good. suppressed,
 * stale, cancelled: deliberately not sent, see reason.
 */
export const outboxStatuses = [
  "due",
  "sending",
  "sent",
  "unknown",
  "failed",
  "suppressed",
  "stale",
  "cancelled",
] as const

export const deliveryStatuses = ["sent", "delayed", "delivered", "bounced", "failed", "suppressed"] as const

/** A message as Resend takes it, frozen before the first attempt and never rendered again. */
export interface FrozenMessage {
  from: string
  to: string
  reply_to?: string
  subject: string
  html: string
  text: string
  headers: Record<string, string>
  tags: { name: string; value: string }[]
  /** In the store of files, by their keys. */
  files?: { key: string; name: string; contentType: string }[]
}

export const emailOutbox = pgTable(
  "email_outbox",
  {
    id: uuid("id").primaryKey(),
    /** Natural key: `<enrolment id>:<step>`, later `<campaign>:<customer>`. */
    dedupeKey: text("dedupe_key").notNull().unique(),
    customerId: uuid("customer_id")
      .notNull()
      .references(() => customers.id),
    enrolmentId: uuid("enrolment_id"),
    step: integer("step"),
    templateId: text("template_id").notNull(),
    mailClass: text("mail_class", { enum: mailClasses }).notNull(),
    /** Lower goes first among what is due. */
    priority: integer("priority").notNull().default(5),
    dueAt: instant("due_at").notNull(),
    /** Later than this the step is stale. */
    staleAt: instant("stale_at").notNull(),
    status: text("status", { enum: outboxStatuses }).notNull(),
    reason: text("reason"),
    /** While somebody is deciding about it. */
    leaseUntil: instant("lease_until"),
    templateVersion: integer("template_version"),
    message: jsonb("message").$type<FrozenMessage>(),
    /** The request that carries this row, and its place in it. */
    requestId: uuid("request_id").references(() => emailRequests.id),
    requestIndex: integer("request_index"),
    resendId: text("resend_id"),
    sentAt: instant("sent_at"),
    /** What Resend's webhooks told, by rank, whatever order they came in. */
    delivery: text("delivery", { enum: deliveryStatuses }),
    deliveryAt: instant("delivery_at"),
    openedAt: instant("opened_at"),
    clickedAt: instant("clicked_at"),
    complainedAt: instant("complained_at"),
    bounce: jsonb("bounce").$type<Record<string, unknown>>(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    index("email_outbox_due").on(table.priority, table.dueAt).where(sql`status = 'due'`),
    index("email_outbox_customer").on(table.customerId, table.createdAt.desc().nullsFirst()),
    index("email_outbox_enrolment").on(table.enrolmentId),
    index("email_outbox_resend").on(table.resendId).where(sql`resend_id is not null`),
    index("email_outbox_request").on(table.requestId).where(sql`request_id is not null`),
    index("email_outbox_listed").on(table.dueAt, table.id),
    // What staff look for is rare, and would be far apart in the list of all.
    index("email_outbox_unsent")
      .on(table.status, table.dueAt, table.id)
      .where(sql`status not in ('due', 'sending', 'sent')`),
    index("email_outbox_capped").on(table.customerId, table.sentAt).where(sql`mail_class = 'marketing'`),
  ],
)

/** Why a mail may not go to an address. `vendor`: Resend itself refuses to send there. */
export const suppressionReasons = ["bounce", "complaint", "vendor", "unsubscribe", "manual", "erased"] as const

/** Addresses we do not write to, lower case, one row for each reason, so that lifting one leaves the others. */
export const suppressions = pgTable(
  "suppressions",
  {
    email: text("email").notNull(),
    reason: text("reason", { enum: suppressionReasons }).notNull(),
    /** Transactional mail is stopped too; an unsubscription stops marketing only. */
    all: boolean("all").notNull(),
    since: instant("since").notNull(),
    sourceId: text("source_id"),
  },
  (table) => [primaryKey({ columns: [table.email, table.reason] })],
)

/** One row: the sender as a whole may be paused when Resend says that a quota is used up. */
export const senderState = pgTable("sender_state", {
  id: text("id").primaryKey(),
  pausedUntil: instant("paused_until"),
  reason: text("reason"),
})
