import { bigint, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core"
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
    index("customer_mrr_amount").on(table.currency, table.amount.desc(), table.customerId),
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
  (table) => [index("customer_notes_customer").on(table.customerId, table.createdAt.desc())],
)
