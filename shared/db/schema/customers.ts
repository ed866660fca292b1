import { sql } from "drizzle-orm"
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core"
import type { SegmentCondition } from "../../customers/segmentCondition.ts"
import { customers } from "./billing.ts"
import { instant } from "./columns.ts"

/** What each customer pays a month now, by currency: derived anew with every batch that touches their subscriptions. */
export const customerMrr = pgTable(
  "customer_mrr",
  {
    customerId: uuid("customer_id")
      .notNull()
      .references(() => customers.id),
    currency: text("currency").notNull(),
    /** Minor units; see shared/billing/mrrOf.ts. */
    amount: bigint("amount", { mode: "number" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.customerId, table.currency] }),
    index("customer_mrr_amount").on(table.currency, table.amount.desc().nullsFirst(), table.customerId),
  ],
)

export const customerNotes = pgTable(
  "customer_notes",
  {
    /** Made where the form is, so that sending it twice is writing one note. */
    id: uuid("id").primaryKey(),
    customerId: uuid("customer_id")
      .notNull()
      .references(() => customers.id),
    text: text("text").notNull(),
    /** `<kind>:<id>`. */
    author: text("author").notNull(),
    authorLabel: text("author_label"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [index("customer_notes_customer").on(table.customerId, table.createdAt.desc().nullsFirst())],
)

export const importOutcomes = ["new", "changed", "unchanged", "invalid"] as const
export type ImportOutcome = (typeof importOutcomes)[number]

/** A CSV file of customers: uploaded, looked at, then applied or thrown away. */
export const customerImports = pgTable(
  "customer_imports",
  {
    /** Made by the form, so that sending it twice is uploading once. */
    id: uuid("id").primaryKey(),
    fileName: text("file_name").notNull(),
    /** SHA-256 of the file, in hex. */
    contentHash: text("content_hash").notNull(),
    /** What its header names of what is read, and the rest. */
    columns: text("columns").array().notNull(),
    notRead: text("not_read").array().notNull(),
    createdAt: instant("created_at").notNull(),
    /** `<kind>:<id>`. */
    createdBy: text("created_by").notNull(),
    createdByLabel: text("created_by_label"),
    appliedAt: instant("applied_at"),
    /** Rows by outcome, once applied. */
    result: jsonb("result").$type<Record<ImportOutcome, number>>(),
  },
  (table) => [index("customer_imports_created").on(table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst())],
)

export interface ImportProblem {
  column: string
  reason: string
}

/** The rows of a file until it is applied; of the invalid ones what was wrong stays, without their values. */
export const customerImportRows = pgTable(
  "customer_import_rows",
  {
    importId: uuid("import_id")
      .notNull()
      .references(() => customerImports.id, { onDelete: "cascade" }),
    /** As a spreadsheet counts: the header is row 1. */
    row: integer("row").notNull(),
    /** Of the customer that it becomes, if it becomes one. */
    newId: uuid("new_id").notNull(),
    email: text("email"),
    name: text("name"),
    country: text("country"),
    timeZone: text("time_zone"),
    tags: text("tags").array().notNull(),
    note: text("note"),
    /** What the cells of an invalid row hold, by column. */
    cells: jsonb("cells").$type<Record<string, string>>().notNull(),
    problems: jsonb("problems").$type<ImportProblem[]>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.importId, table.row] })],
)

/** Customers by a condition that has a name; who is in it is found anew whenever it is looked at. */
export const segments = pgTable(
  "segments",
  {
    /** Made by the form, so that sending it twice is saving once. */
    id: uuid("id").primaryKey(),
    name: text("name").notNull(),
    condition: jsonb("condition").$type<SegmentCondition>().notNull(),
    version: integer("version").notNull().default(1),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    /** `<kind>:<id>`. */
    updatedBy: text("updated_by").notNull(),
    updatedByLabel: text("updated_by_label"),
  },
  (table) => [
    uniqueIndex("segments_name").on(sql`lower(${table.name})`),
    index("segments_created").on(table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
  ],
)
