import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"

/** Every way in which a person is named here. */
export interface Person {
  /** Of the customer's row, as it was read. */
  version: number
  erased: boolean
  /** The customer, and whoever was merged into them. */
  ids: string[]
  stripeIds: string[]
  /** Lower case; the former ones too. */
  addresses: string[]
  /** Lower case, of two words or more: a first name alone is not enough to find a person by. */
  names: string[]
}

const texts = z.array(z.string())
const shape = z.object({
  version: z.number(),
  erased: z.boolean(),
  ids: texts,
  stripe_ids: texts,
  addresses: texts,
  names: texts,
})

/**
 * Who a customer is and was: former addresses and names stand in the mails that went to them and in what Stripe told
 * when they changed. Null where there is no such customer.
 */
export async function personOf(ctx: Context, id: string): Promise<Person | null> {
  const found = await ctx.db.execute(sql`
    with records as materialized (select * from customers where id::text = ${id} or merged_into::text = ${id}),
    told as materialized (
      select payload::json -> 'data' as data from stripe_events
      -- Postgres reads no JSON that holds a NUL.
      where object_id in (select stripe_id from records) and type like 'customer.%' and position('\\u0000' in payload) = 0),
    addresses as (
      select email as text from records
      union select message ->> 'to' from email_outbox where customer_id in (select id from records)
      union select data #>> '{object,email}' from told
      union select data #>> '{previous_attributes,email}' from told),
    names as (
      select name as text from records
      union select data #>> '{object,name}' from told
      union select data #>> '{previous_attributes,name}' from told)
    select version, erased_at is not null as erased,
      (select jsonb_agg(id) from records) as ids,
      (select coalesce(jsonb_agg(stripe_id) filter (where stripe_id is not null), '[]') from records) as stripe_ids,
      (select coalesce(jsonb_agg(distinct lower(text)) filter (where text like '%@%'), '[]') from addresses) as addresses,
      (select coalesce(jsonb_agg(distinct lower(text)) filter (where trim(text) ~ '\\S\\s+\\S'), '[]') from names) as names
    from records where id::text = ${id}`)
  const [row] = found.rows
  if (!row) return null
  const { stripe_ids, ...rest } = shape.parse(row)
  return { ...rest, stripeIds: stripe_ids }
}
