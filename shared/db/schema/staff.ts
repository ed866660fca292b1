import { sql } from "drizzle-orm"
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core"
import { roles } from "../../staff/roles.ts"
import { instant } from "./columns.ts"

export const staff = pgTable("staff", {
  id: uuid("id").primaryKey(),
  /** Lower case. */
  email: text("email").notNull().unique(),
  name: text("name").notNull(),
  /** Their account in Discord, under which they answer tickets. */
  discordUserId: text("discord_user_id").unique(),
  role: text("role", { enum: roles }).notNull(),
  createdAt: instant("created_at").notNull(),
  /** From then on every session of theirs is void. */
  disabledAt: instant("disabled_at"),
  /** Of the authenticator app, encrypted; null: no second factor. */
  totpSecret: text("totp_secret"),
  /** Steps of 30 seconds up to this one have been used. */
  totpLastStep: bigint("totp_last_step", { mode: "number" }),
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

/** Codes for signing in by e-mail; of addresses that nobody on the staff has too, so that both look alike. */
export const staffCodes = pgTable(
  "staff_codes",
  {
    /** SHA-256 of the token in the browser that asked. */
    tokenHash: text("token_hash").primaryKey(),
    email: text("email").notNull(),
    /** Keyed hash of whoever asked, by the network; limits hold for each, so that a stranger locks nobody out. */
    client: text("client").notNull().default(""),
    staffId: uuid("staff_id").references(() => staff.id),
    /** Keyed hash. */
    codeHash: text("code_hash").notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    attempts: integer("attempts").notNull().default(0),
    /** When the right code came; from then on the second factor may follow. */
    usedAt: instant("used_at"),
    secondAttempts: integer("second_attempts").notNull().default(0),
    secondAt: instant("second_at"),
  },
  (table) => [
    index("staff_codes_email").on(table.email, table.createdAt),
    index("staff_codes_client").on(table.client, table.createdAt),
  ],
)

export const staffRecoveryCodes = pgTable(
  "staff_recovery_codes",
  {
    staffId: uuid("staff_id")
      .notNull()
      .references(() => staff.id),
    /** Keyed hash. */
    codeHash: text("code_hash").notNull(),
    usedAt: instant("used_at"),
  },
  (table) => [primaryKey({ columns: [table.staffId, table.codeHash] })],
)

export const staffPasskeys = pgTable(
  "staff_passkeys",
  {
    /** The credential's id, base64url. */
    id: text("id").primaryKey(),
    staffId: uuid("staff_id")
      .notNull()
      .references(() => staff.id),
    name: text("name").notNull(),
    /** SPKI, base64url. */
    publicKey: text("public_key").notNull(),
    algorithm: text("algorithm", { enum: ["ES256", "RS256", "EdDSA"] }).notNull(),
    counter: bigint("counter", { mode: "number" }).notNull(),
    transports: jsonb("transports").$type<string[]>().notNull(),
    createdAt: instant("created_at").notNull(),
    usedAt: instant("used_at"),
  },
  (table) => [index("staff_passkeys_staff").on(table.staffId)],
)

/** What a passkey has to sign: good once, for a few minutes. */
export const staffChallenges = pgTable("staff_challenges", {
  challenge: text("challenge").primaryKey(),
  purpose: text("purpose", { enum: ["register", "sign-in"] }).notNull(),
  staffId: uuid("staff_id").references(() => staff.id),
  expiresAt: instant("expires_at").notNull(),
  usedAt: instant("used_at"),
})
