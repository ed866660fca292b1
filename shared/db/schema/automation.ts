import { sql } from "drizzle-orm"
import { boolean, index, integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core"
import type { Action, Condition } from "../../automation/ruleSchema.ts"
import type { ExitCondition, Step } from "../../automation/sequenceSchema.ts"
import { customers } from "./billing.ts"
import { instant } from "./columns.ts"

/** When a change of this kind happens and the condition holds, do these actions. Shapes: shared/automation. */
export const rules = pgTable("rules", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  changeKind: text("change_kind").notNull(),
  condition: jsonb("condition").$type<Condition>().notNull(),
  actions: jsonb("actions").$type<Action[]>().notNull(),
  enabled: boolean("enabled").notNull(),
  version: integer("version").notNull().default(1),
  updatedAt: instant("updated_at").notNull(),
})

export const mailClasses = ["transactional", "marketing"] as const

export const sequences = pgTable("sequences", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  mailClass: text("mail_class", { enum: mailClasses }).notNull(),
  steps: jsonb("steps").$type<Step[]>().notNull(),
  /** The customer leaves as soon as one of these holds. */
  exits: jsonb("exits").$type<ExitCondition[]>().notNull(),
  /** A step this late is recorded as stale, not sent. */
  staleAfterHours: integer("stale_after_hours").notNull().default(48),
  enabled: boolean("enabled").notNull(),
  version: integer("version").notNull().default(1),
  updatedAt: instant("updated_at").notNull(),
})

/** A rule acted on a change: once per rule and change, whatever is replayed. */
export const ruleFirings = pgTable(
  "rule_firings",
  {
    id: uuid("id").primaryKey(),
    ruleId: text("rule_id").notNull(),
    ruleVersion: integer("rule_version").notNull(),
    /** Natural key of the change, see shared/billing/change.ts. */
    changeKey: text("change_key").notNull(),
    changeKind: text("change_kind").notNull(),
    eventId: text("event_id"),
    customerId: uuid("customer_id")
      .notNull()
      .references(() => customers.id),
    occurredAt: instant("occurred_at").notNull(),
    firedAt: instant("fired_at").notNull(),
    actions: jsonb("actions").$type<Action[]>().notNull(),
  },
  (table) => [
    unique("rule_firings_once").on(table.ruleId, table.changeKey),
    index("rule_firings_customer").on(table.customerId),
  ],
)

export const enrolmentStatuses = ["active", "completed", "exited"] as const

/** A customer in a sequence, once per sequence and subject (the customer, a subscription, an invoice or one change). */
export const enrolments = pgTable(
  "enrolments",
  {
    id: uuid("id").primaryKey(),
    sequenceId: text("sequence_id").notNull(),
    customerId: uuid("customer_id")
      .notNull()
      .references(() => customers.id),
    subjectId: text("subject_id").notNull(),
    subscriptionId: text("subscription_id"),
    invoiceId: text("invoice_id"),
    ruleId: text("rule_id").notNull(),
    ruleVersion: integer("rule_version").notNull(),
    changeKey: text("change_key").notNull(),
    eventId: text("event_id"),
    /** Facts of the change that templates may use: amount, currency, decline code. */
    changeData: jsonb("change_data").$type<Record<string, unknown>>().notNull(),
    /** When the change happened; delays count from here. */
    startedAt: instant("started_at").notNull(),
    status: text("status", { enum: enrolmentStatuses }).notNull(),
    exitReason: text("exit_reason"),
    endedAt: instant("ended_at"),
  },
  (table) => [
    unique("enrolments_once").on(table.sequenceId, table.customerId, table.subjectId),
    index("enrolments_customer").on(table.customerId),
    index("enrolments_running").on(table.sequenceId, table.startedAt).where(sql`status = 'active'`),
  ],
)

/** What staff should look at. Delivery to Discord or mail is a later capability; the record is kept from the start. */
export const staffNotifications = pgTable(
  "staff_notifications",
  {
    id: uuid("id").primaryKey(),
    key: text("key").notNull().unique(),
    customerId: uuid("customer_id").references(() => customers.id),
    message: text("message").notNull(),
    createdAt: instant("created_at").notNull(),
    readAt: instant("read_at"),
  },
  (table) => [index("staff_notifications_unread").on(table.createdAt).where(sql`read_at is null`)],
)
