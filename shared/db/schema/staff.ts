import { sql } from "drizzle-orm"
import { index, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core"
import { roles } from "../../staff/roles.ts"
import { instant } from "./columns.ts"

export const staff = pgTable("staff", {
  id: uuid("id").primaryKey(),
  /** Lower case. */
  email: text("email").notNull().unique(),
  name: text("name").notNull(),
  role: text("role", { enum: roles }).notNull(),
  createdAt: instant("created_at").notNull(),
  /** From then on every session of theirs is void. */
  disabledAt: instant("disabled_at"),
})

export const staffSessions = pgTable(
  "staff_sessions",
  {
    /** SHA-256 of the token in the cookie, in hex: what is kept here opens nothing. */
    tokenHash: text("token_hash").primaryKey(),
    staffId: uuid("staff_id")
      .notNull()
      .references(() => staff.id),
    createdAt: instant("created_at").notNull(),
    /** To the minute: not every request writes. */
    seenAt: instant("seen_at").notNull(),
    revokedAt: instant("revoked_at"),
    userAgent: text("user_agent"),
  },
  (table) => [index("staff_sessions_staff").on(table.staffId)],
)

/** Append-only. */
export const auditLog = pgTable(
  "audit_log",
  {
    id: uuid("id").primaryKey(),
    at: instant("at").notNull(),
    /** `<kind>:<id>`. */
    actor: text("actor").notNull(),
    /** Who that was at the time, for people to read. */
    actorLabel: text("actor_label"),
    action: text("action").notNull(),
    subjectType: text("subject_type").notNull(),
    subjectId: text("subject_id").notNull(),
    before: jsonb("before"),
    after: jsonb("after"),
    outcome: text("outcome", { enum: ["done", "denied"] }).notNull(),
    requestId: text("request_id"),
  },
  (table) => [
    index("audit_log_at").on(table.at, table.id),
    index("audit_log_subject").on(table.subjectType, table.subjectId, table.at),
    index("audit_log_action").on(table.action, table.at, table.id),
    index("audit_log_who").on(sql`coalesce(actor_label, actor)`, table.at, table.id),
  ],
)

/** What somebody was asked to confirm: good once, for a few minutes, for just this. */
export const staffConfirmations = pgTable("staff_confirmations", {
  id: uuid("id").primaryKey(),
  staffId: uuid("staff_id")
    .notNull()
    .references(() => staff.id),
  action: text("action").notNull(),
  /** What it was asked about, as it was shown: a subject, a count. */
  about: text("about").notNull(),
  expiresAt: instant("expires_at").notNull(),
  usedAt: instant("used_at"),
})
