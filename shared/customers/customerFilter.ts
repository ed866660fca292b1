import { type SQL, sql } from "drizzle-orm"
import * as z from "zod/mini"
import { customerSearchText, stages } from "../db/schema/billing.ts"
import { minorUnitDecimals } from "../money.ts"

export const customerSorts = ["-created", "created", "name", "-mrr"] as const
export type CustomerSort = (typeof customerSorts)[number]

const text = (most: number) => z.optional(z.catch(z.string().check(z.trim(), z.maxLength(most)), ""))
const amount = z.optional(z.catch(z.string().check(z.trim(), z.regex(/^\d{1,9}([.,]\d{1,3})?$/)), ""))

/** Filters as they stand in an address; what does not fit is as if it were not there. */
export const customerFilter = z.object({
  /** Three characters or more of a name, an e-mail or a Stripe id. */
  q: text(100),
  stage: z.optional(z.catch(z.enum(["", ...stages]), "")),
  /** A product of one of the running subscriptions. */
  product: text(255),
  /** ISO 3166, two letters. */
  country: text(2),
  tag: text(64),
  /** Id of a saved segment; see segmentConditions.ts. */
  segment: z.optional(z.catch(z.union([z.literal(""), z.uuid()]), "")),
  /** Late with a payment, or leaving at the end of the period. */
  risk: z.optional(z.catch(z.enum(["", "yes"]), "")),
  currency: z.optional(z.catch(z.string().check(z.regex(/^([a-z]{3})?$/)), "")),
  /** Major units of `currency`, a month. */
  mrrFrom: amount,
  mrrTo: amount,
  sort: z.optional(z.catch(z.enum(customerSorts), "-created")),
})
export type CustomerFilter = z.infer<typeof customerFilter>

/** What a search pattern takes literally. */
const literal = (value: string) => value.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)

/** The filter as conditions on `customers c`, all of which must hold; its segment is kept elsewhere. */
export function customerConditions(filter: CustomerFilter): SQL[] {
  const conditions: SQL[] = [sql`c.deleted_at is null`]
  const { q = "", stage, product, country, tag, risk } = filter
  if (q.length >= 3) conditions.push(sql`${customerSearchText} like ${`%${literal(q.toLowerCase())}%`}`)
  if (stage) conditions.push(sql`c.stage = ${stage}`)
  if (country) conditions.push(sql`c.country = ${country.toUpperCase()}`)
  if (tag) conditions.push(sql`c.tags @> array[${tag}]::text[]`)
  if (product)
    conditions.push(sql`c.id in (
      select s.customer_id from subscription_items i join subscriptions s on s.id = i.subscription_id
      where i.product_id = ${product} and s.status in ('active', 'past_due', 'trialing', 'unpaid', 'paused'))`)
  if (risk)
    conditions.push(sql`c.id in (
      select customer_id from subscriptions
      where relevant and (status in ('past_due', 'unpaid') or (cancel_at_period_end and status in ('active', 'trialing'))))`)
  const range = mrrRange(filter)
  if (range) conditions.push(sql`c.id in (select customer_id from customer_mrr where ${range})`)
  return conditions
}

function mrrRange({ currency, mrrFrom, mrrTo }: CustomerFilter): SQL | null {
  if (!currency || !(mrrFrom || mrrTo)) return null
  const minor = (major: string) => Math.round(Number(major.replace(",", ".")) * 10 ** minorUnitDecimals(currency))
  const bounds = [sql`currency = ${currency}`]
  if (mrrFrom) bounds.push(sql`amount >= ${minor(mrrFrom)}`)
  if (mrrTo) bounds.push(sql`amount <= ${minor(mrrTo)}`)
  return sql.join(bounds, sql` and `)
}
