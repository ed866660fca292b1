import { sql } from "drizzle-orm"
import { doublePrecision, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core"
import { instant } from "./columns.ts"
import { jobRuns } from "./monitoring.ts"

/** A stretch of the time axis that a sync lists: newest first, from `after` on. Whoever is at it holds a lease. */
export const syncSlices = pgTable(
  "sync_slices",
  {
    id: uuid("id").primaryKey(),
    runId: uuid("run_id")
      .notNull()
      .references(() => jobRuns.id, { onDelete: "cascade" }),
    kind: text("kind").notNull(),
    /** Seconds since 1970, as Stripe counts: from `fromSecond` on, before `toSecond`. */
    fromSecond: integer("from_second").notNull(),
    toSecond: integer("to_second").notNull(),
    /** Last object read, and its second. */
    after: text("after"),
    afterSecond: integer("after_second"),
    /** Objects of `afterSecond` read so far: the next page may hold more of that second. */
    tail: text("tail").array().notNull().default(sql`'{}'`),
    holder: uuid("holder"),
    leaseUntil: instant("lease_until"),
    /** What has come of it so far. */
    counts: jsonb("counts").$type<Record<string, number>>().notNull().default({}),
    doneAt: instant("done_at"),
  },
  (table) => [index("sync_slices_open").on(table.runId).where(sql`done_at is null`)],
)

export const findingKinds = ["missing", "changed", "deleted", "unreadable"] as const

/** An object that a sync found to differ from ours. */
export const syncFindings = pgTable(
  "sync_findings",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => jobRuns.id, { onDelete: "cascade" }),
    objectType: text("object_type").notNull(),
    objectId: text("object_id").notNull(),
    finding: text("finding", { enum: findingKinds }).notNull(),
    /** Names of the columns that differed; or why it could not be read. */
    fields: text("fields").array().notNull(),
    foundAt: instant("found_at").notNull(),
  },
  (table) => [unique("sync_findings_once").on(table.runId, table.objectType, table.objectId)],
)

/** How far something that is read from a vendor bit by bit has been read. */
export const syncPositions = pgTable("sync_positions", {
  name: text("name").primaryKey(),
  position: instant("position").notNull(),
  updatedAt: instant("updated_at").notNull(),
})

/** When a vendor may be asked next, shared by everybody who asks. */
export const vendorLimits = pgTable(
  "vendor_limits",
  {
    vendor: text("vendor").notNull(),
    use: text("use").notNull(),
    nextAt: instant("next_at").notNull(),
    perSecond: doublePrecision("per_second").notNull(),
    /** When the vendor last asked to slow down. */
    slowedAt: instant("slowed_at"),
  },
  (table) => [primaryKey({ columns: [table.vendor, table.use] })],
)
