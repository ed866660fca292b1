import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { csvLine } from "../csv.ts"
import { minorUnitDecimals } from "../money.ts"
import { auditEntry } from "../staff/auditEntry.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import type { CustomerFilter } from "./customerFilter.ts"
import { matchingCustomers } from "./matchingCustomers.ts"

/** Rows of one round trip: few enough to be there at once, and what is held at any time. */
const chunk = 1000

const columns = [
  "id",
  "stripe_id",
  "email",
  "name",
  "phone",
  "country",
  "time_zone",
  "stage",
  "tags",
  "customer_since",
  "mrr",
]

type Row = Record<string, unknown> & {
  id: string
  stripe_id: string | null
  email: string | null
  name: string | null
  phone: string | null
  country: string | null
  time_zone: string | null
  stage: string
  tags: string[]
  created_at: string
  mrr: { currency: string; amount: number }[] | null
}

/** Every customer that matches, newest first, as a CSV file sent while it is being read. The export is audited. */
export async function exportCustomers(ctx: Context, filter: CustomerFilter): Promise<ReadableStream<Uint8Array>> {
  requirePermission(ctx, "customers:export")
  const matching = await matchingCustomers(ctx, filter)
  await ctx.db.execute(
    auditEntry(ctx, { action: "customers.exported", subject: { type: "customer", id: "several" }, after: { filter } }),
  )
  const encoder = new TextEncoder()
  let last: Row | null = null
  return new ReadableStream({
    start(controller) {
      // A byte order mark: spreadsheets take the file for UTF-8 only with one.
      controller.enqueue(encoder.encode(`\uFEFF${csvLine(columns)}`))
    },
    async pull(controller) {
      const rows: Row[] = await nextRows(ctx, matching, last)
      last = rows.at(-1) ?? null
      if (rows.length > 0) controller.enqueue(encoder.encode(rows.map(lineOf).join("")))
      if (rows.length < chunk) controller.close()
    },
  })
}

async function nextRows(ctx: Context, matching: SQL[], last: Row | null): Promise<Row[]> {
  const conditions = [...matching]
  if (last) conditions.push(sql`(c.created_at, c.id) < (${last.created_at}::timestamptz, ${last.id}::uuid)`)
  const found = await ctx.db.execute<Row>(sql`
    select c.id, c.stripe_id, c.email, c.name, c.phone, c.country, c.time_zone, c.stage, c.tags, c.created_at::text,
      (select jsonb_agg(jsonb_build_object('currency', currency, 'amount', amount) order by amount desc)
        from customer_mrr m where m.customer_id = c.id) as mrr
    from customers c where ${sql.join(conditions, sql` and `)}
    order by c.created_at desc, c.id desc limit ${chunk}`)
  return found.rows
}

const lineOf = (row: Row) =>
  csvLine([
    row.id,
    row.stripe_id,
    row.email,
    row.name,
    row.phone,
    row.country,
    row.time_zone,
    row.stage,
    row.tags.join(" | "),
    new Date(row.created_at).toISOString(),
    (row.mrr ?? [])
      .map(({ amount, currency }) => {
        const decimals = minorUnitDecimals(currency)
        return `${(amount / 10 ** decimals).toFixed(decimals)} ${currency.toUpperCase()}`
      })
      .join(" | "),
  ])
