import { type SQL, sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { isInstant } from "../db/isInstant.ts"
import type { Stage } from "../db/schema/billing.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { type CustomerChoices, customerChoices, readChoices } from "./customerChoices.ts"
import { type CustomerFilter, type CustomerSort, customerConditions } from "./customerFilter.ts"
import { segmentConditions } from "./segmentConditions.ts"

export interface ListedCustomer {
  id: string
  name: string | null
  email: string | null
  stage: Stage
  country: string | null
  tags: string[]
  createdAt: Date
  /** Minor units a month. */
  mrr: { currency: string; amount: number }[]
}

export interface CustomerList extends CustomerChoices {
  customers: ListedCustomer[]
  /** Where the next page begins; null on the last. */
  next: string | null
}

const pageSize = 50

type Row = Record<string, unknown> & {
  id: string
  name: string | null
  email: string | null
  stage: Stage
  country: string | null
  tags: string[]
  created_at: string
  mrr: { currency: string; amount: number }[] | null
  sorted_by: string
}

/** One page of customers with what the filters offer, in one round trip. `after` is the `next` of the page before. */
export async function listCustomers(
  ctx: Context,
  input: { filter: CustomerFilter; after?: string },
): Promise<CustomerList> {
  requirePermission(ctx, "customers:read")
  const order = orders[input.filter.sort ?? "-created"](input.filter.currency || "eur")
  const conditions = [...customerConditions(input.filter), ...(await segmentConditions(ctx, input.filter))]
  const cursor = readCursor(input.after, order)
  if (cursor)
    conditions.push(
      sql`(${order.by}, c.id) ${order.descending ? sql`<` : sql`>`} (${cursor.by}::${order.type}, ${cursor.id}::uuid)`,
    )
  const direction = order.descending ? sql`desc` : sql`asc`
  const [page, ...choices] = await batch(ctx.db, [
    sql`select c.id, c.name, c.email, c.stage, c.country, c.tags, c.created_at, (${order.by})::text as sorted_by,
        (select jsonb_agg(jsonb_build_object('currency', currency, 'amount', amount) order by amount desc)
          from customer_mrr m where m.customer_id = c.id) as mrr
      from customers c ${order.join}
      where ${sql.join(conditions, sql` and `)}
      order by ${order.by} ${direction}, c.id ${direction} limit ${pageSize + 1}`,
    ...customerChoices(),
  ])
  const rows = (page?.rows ?? []) as Row[]
  const shown = rows.slice(0, pageSize)
  const last = shown.at(-1)
  return {
    customers: shown.map((row) => ({
      id: row.id,
      name: row.name,
      email: row.email,
      stage: row.stage,
      country: row.country,
      tags: row.tags,
      createdAt: new Date(row.created_at),
      mrr: row.mrr ?? [],
    })),
    next: rows.length > pageSize && last ? JSON.stringify([last.sorted_by, last.id]) : null,
    ...readChoices(choices),
  }
}

interface Order {
  by: SQL
  type: SQL
  join: SQL
  descending: boolean
  /** Whether a text from outside is a value of the type. */
  fits: (text: string) => boolean
}

const anyText = (text: string) => !text.includes("\0")
const isBigint = (text: string) => /^-?\d{1,18}$/.test(text)

const orders: Record<CustomerSort, (currency: string) => Order> = {
  "-created": () => ({ by: sql`c.created_at`, type: sql`timestamptz`, join: sql``, descending: true, fits: isInstant }),
  created: () => ({ by: sql`c.created_at`, type: sql`timestamptz`, join: sql``, descending: false, fits: isInstant }),
  name: () => ({
    by: sql`lower(coalesce(name, email, ''))`,
    type: sql`text`,
    join: sql``,
    descending: false,
    fits: anyText,
  }),
  "-mrr": (currency) => ({
    by: sql`paid.amount`,
    type: sql`bigint`,
    join: sql`join customer_mrr paid on paid.customer_id = c.id and paid.currency = ${currency}`,
    descending: true,
    fits: isBigint,
  }),
}

const cursorShape = z.tuple([z.string(), z.uuid()])

/** A cursor that somebody has tampered with begins anew. */
function readCursor(after: string | undefined, { fits }: Order): { by: string; id: string } | null {
  if (!after) return null
  try {
    const [by, id] = cursorShape.parse(JSON.parse(after))
    return fits(by) ? { by, id } : null
  } catch {
    return null
  }
}
