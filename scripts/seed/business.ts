import { type SQL, sql } from "drizzle-orm"

/** A number from 0 to 1 that depends on nothing but the seed, the customer's number `g` and what it is for. */
const draw = (seed: number, what: string): SQL =>
  sql`((('x' || substr(md5(${`${seed}:${what}:`} || g), 1, 7))::bit(28)::int) / 268435456.0)`

const day = sql`interval '1 day'`

/**
 * The statements that make a believable business of `customers` customers: three years of sign-ups, monthly and yearly
 * plans in EUR and USD, some late with a payment, some gone, 20 lines of timeline each. The same for the same seed.
 */
export function businessStatements(input: {
  customers: number
  seed: number
  now: Date
}): { what: string; statement: SQL }[] {
  const { customers, seed } = input
  const now = sql`${input.now.toISOString()}::timestamptz`
  const id = (kind: string) => sql`md5(${`${seed}:${kind}:`} || g)::uuid`
  const stripeId = (prefix: string) => sql`${`${prefix}_seed${seed}_`} || g`
  const people = sql`generate_series(1, ${customers}::int) as g`
  const since = sql`(${now} - ${day} * (1 + 1095 * ${draw(seed, "since")}))`
  const gone = sql`(${draw(seed, "gone")} < 0.3)`
  const late = sql`(${draw(seed, "late")} < 0.04)`
  const euro = sql`(${draw(seed, "euro")} < 0.55)`
  const yearly = sql`(${draw(seed, "yearly")} < 0.2)`
  const pro = sql`(${draw(seed, "pro")} < 0.35)`
  const ended = sql`(${since} + (${now} - ${since}) * (0.2 + 0.8 * ${draw(seed, "ended")}))`
  const amount = sql`(case when ${pro} then 2900 else 900 end * case when ${yearly} then 10 else 1 end)`
  const currency = sql`(case when ${euro} then 'eur' else 'usd' end)`
  const status = sql`(case when ${gone} then 'canceled' when ${late} then 'past_due' else 'active' end)`
  const stage = sql`(case when ${gone} then case when ${ended} > ${now} - ${day} * 30 then 'churned' else 'win_back' end
    when ${late} then 'at_risk' when ${since} > ${now} - ${day} then 'purchase' when ${since} > ${now} - ${day} * 14 then 'onboarding' else 'active' end)`
  const pick = (values: string[], what: string) =>
    sql`((${sql.param(values)}::text[])[1 + floor(${values.length}::int * ${draw(seed, what)})::int])`
  const first = pick(
    ["Ada", "Ben", "Cleo", "Dario", "Elif", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Kaya", "Linus"],
    "first",
  )
  const last = pick(
    ["Adler", "Berg", "Costa", "Dahl", "Ek", "Ferrari", "Gruber", "Holm", "Ivanov", "Jansen", "Koch", "Lund"],
    "last",
  )
  const product = sql`(case when ${pro} then 'prod_pro' else 'prod_starter' end)`
  const stamp = sql`true as settled, ${now} as synced_at, '9~seed' as synced_order, 'seed' as digest`

  return [
    {
      what: "products",
      statement: sql`insert into products (id, name, active, settled, synced_at, synced_order, digest)
        values ('prod_starter', 'Ops Starter', true, false, ${now}, '', ''), ('prod_pro', 'Ops Pro', true, false, ${now}, '', '')
        on conflict do nothing`,
    },
    {
      what: "customers",
      statement: sql`insert into customers (id, stripe_id, email, name, country, currency, delinquent, stage, stage_since, created_at, settled, synced_at, synced_order, digest)
        select ${id("customer")}, ${stripeId("cus")}, lower(${first}) || '.' || lower(${last}) || g || '@example.com', ${first} || ' ' || ${last},
          ${pick(["DE", "FR", "NL", "SE", "AT", "US", "GB", "CA"], "country")}, ${currency}, ${late} and not ${gone}, ${stage},
          case when ${gone} then ${ended} else ${since} end, ${since}, false, ${now}, '9~seed', 'seed'
        from ${people} on conflict do nothing`,
    },
    {
      what: "subscriptions",
      statement: sql`insert into subscriptions (id, customer_id, status, currency, relevant, cancel_at_period_end, ended_at, canceled_at, current_period_start, current_period_end, started_at, settled, synced_at, synced_order, digest)
        select ${stripeId("sub")}, ${id("customer")}, ${status}, ${currency}, true, not ${gone} and ${draw(seed, "leaving")} < 0.03,
          case when ${gone} then ${ended} end, case when ${gone} then ${ended} end, ${now} - ${day} * 10, ${now} + ${day} * 20, ${since}, ${gone}, ${now}, '9~seed', 'seed'
        from ${people} on conflict do nothing`,
    },
    {
      what: "subscription items",
      statement: sql`insert into subscription_items (id, subscription_id, price_id, product_id, quantity, currency, unit_amount, unit_amount_decimal, interval, interval_count, usage_type)
        select ${stripeId("si")}, ${stripeId("sub")}, 'price_' || substr(${product}, 6) || '_' || ${currency} || case when ${yearly} then '_year' else '_month' end,
          ${product}, 1, ${currency}, ${amount}, ${amount}, case when ${yearly} then 'year' else 'month' end, 1, 'licensed'
        from ${people} on conflict do nothing`,
    },
    {
      what: "monthly revenue",
      statement: sql`insert into customer_mrr (customer_id, currency, amount)
        select ${id("customer")}, ${currency}, round(${amount} / case when ${yearly} then 12.0 else 1 end)
        from ${people} where not ${gone} on conflict do nothing`,
    },
    {
      what: "subscription states",
      statement: sql`insert into subscription_states (subscription_id, event_id, customer_id, occurred_at, position, status, status_before, relevant, cancel_scheduled, paused, items)
        select ${stripeId("sub")}, ${stripeId("evt_start")}, ${id("customer")}, ${since}, '0~seed', 'active', null, true, false, false,
          jsonb_build_array(jsonb_build_object('productId', ${product}, 'quantity', 1, 'unitAmount', ${amount}, 'currency', ${currency}))
        from ${people} on conflict do nothing`,
    },
    {
      what: "subscription ends",
      statement: sql`insert into subscription_states (subscription_id, event_id, customer_id, occurred_at, position, status, status_before, relevant, cancel_scheduled, paused, items)
        select ${stripeId("sub")}, ${stripeId("evt_end")}, ${id("customer")}, ${ended}, '2~seed', 'canceled', 'active', true, false, false, '[]'
        from ${people} where ${gone} on conflict do nothing`,
    },
    {
      what: "stage history",
      statement: sql`insert into stage_history (customer_id, since, stage)
        select ${id("customer")}, ${since}, 'purchase' from ${people}
        union all select ${id("customer")}, ${ended}, 'churned' from ${people} where ${gone}
        on conflict do nothing`,
    },
    {
      what: "invoices",
      statement: sql`insert into invoices (id, customer_id, subscription_id, number, status, relevant, currency, subtotal, total, total_excluding_tax, tax, amount_due, amount_paid, amount_remaining, attempt_count, billing_reason, finalized_at, paid_at, created_at, settled, synced_at, synced_order, digest)
        select ${stripeId("in")} || '_' || n, ${id("customer")}, ${stripeId("sub")}, 'SEED-' || g || '-' || n,
          case when n = 3 and ${late} and not ${gone} then 'open' else 'paid' end, true, ${currency}, ${amount}, ${amount}, ${amount}, 0, ${amount},
          case when n = 3 and ${late} and not ${gone} then 0 else ${amount} end, case when n = 3 and ${late} and not ${gone} then ${amount} else 0 end, 1,
          'subscription_cycle', at, case when n = 3 and ${late} and not ${gone} then null else at end, at, ${stamp}
        from ${people}, lateral (select n, ${since} + (case when ${gone} then ${ended} else ${now} end - ${since}) * n / 4.0 as at from generate_series(1, 3) n) made
        on conflict do nothing`,
    },
    {
      what: "timeline entries",
      statement: sql`insert into timeline_entries (key, customer_id, occurred_at, kind, data, source, source_id)
        select kind || ':' || ${stripeId("seed")} || ':' || n, ${id("customer")},
          ${since} + (case when ${gone} then ${ended} else ${now} end - ${since}) * n / 21.0, kind,
          jsonb_build_object('amount', ${amount}, 'currency', ${currency}), 'stripe', ${stripeId("evt")} || '_' || n
        from ${people}, lateral (select n, (array['invoice.paid', 'payment.succeeded', 'email.sent', 'invoice.finalized', 'customer.updated'])[1 + n % 5] as kind from generate_series(1, 20) n) made
        on conflict do nothing`,
    },
  ]
}
