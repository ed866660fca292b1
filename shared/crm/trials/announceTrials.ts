import { type SQL, sql } from "drizzle-orm"
import * as z from "zod/mini"
import { reactTo } from "../../automation/reactTo.ts"
import type { Change } from "../../billing/change.ts"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { insertRows, textArray, uuidArray } from "../../db/bulk.ts"
import { timelineEntries } from "../../db/schema/billing.ts"

const atOnce = 500
/** So long before its end a trial is said to be ending; Stripe says it of its own as long before. */
const endingDays = 3
/** What ended or became a customer longer ago is of no interest to rules any more. */
const lookBackDays = 30

const kinds = ["trial.started", "trial.extended", "trial.ending", "trial.ended", "trial.converted"] as const

const told = z.object({
  kind: z.enum(kinds),
  key: z.string(),
  at: z.coerce.date(),
  lead: z.string(),
  source: z.string(),
  plan: z.nullable(z.string()),
  trial_end: z.nullable(z.coerce.date()),
  customer: z.string(),
})

/**
 * Tells timelines and rules what has become of trials that are ours: begun, made longer, ending soon, ended, bought; each
 * once, whatever is run how often, and whoever dies halfway. Who is in an open trial and no customer yet becomes one, of
 * stage trial. Returns how much was told.
 */
export async function announceTrials(ctx: Context<object, "emails">): Promise<number> {
  let announced = 0
  for (;;) {
    const number = await announceSome(ctx)
    announced += number
    if (number < atOnce) return announced
  }
}

async function announceSome(ctx: Context<object, "emails">): Promise<number> {
  const { db } = ctx
  const now = ctx.now()
  const [, , found] = await batch(db, [
    // One after the other, so that nobody becomes a customer twice.
    sql`select pg_advisory_xact_lock(hashtext('customers of trials'))`,
    addCustomers(now),
    selectUntold(now),
  ])
  const rows = z.array(told).parse(found?.rows)
  if (rows.length === 0) return 0

  const entries = rows.map(({ key, customer, at, kind, lead, source, trial_end }) => ({
    key,
    customerId: customer,
    occurredAt: at,
    kind,
    data: { source, ...(trial_end && { trialEnd: trial_end.toISOString() }) },
    source: "job" as const,
    sourceId: lead,
  }))
  await reactTo(ctx, {
    changes: rows.map((row) => changeOf(row, now)),
    also: [
      sql`${insertRows(timelineEntries, entries).statement} on conflict (key) do nothing`,
      ...moveStages(rows, now),
    ],
  })
  return rows.length
}

const changeOf = (row: z.infer<typeof told>, now: Date): Change => ({
  kind: row.kind,
  key: row.key,
  // Whatever began before it was learnt that they have bought ends with that.
  occurredAt: row.kind === "trial.converted" ? now : row.at,
  eventId: null,
  customerId: row.customer,
  subjectId: row.lead,
  subscriptionId: null,
  invoiceId: null,
  data: { source: row.source, plan: row.plan, trialEnd: row.trial_end?.toISOString() ?? null },
})

const isOpen = (now: SQL) =>
  sql`l.kind = 'trial' and l.closed_at is null and l.converted_at is null and l.trial_ends_at > ${now}`

function addCustomers(at: Date): SQL {
  const now = sql`${at.toISOString()}::timestamptz`
  return sql`
    with added as (
      insert into customers (id, email, name, stage, stage_since, created_at, synced_at, synced_order, digest)
      select distinct on (l.email) gen_random_uuid(), l.email, l.name, 'trial', l.created_at, l.created_at, ${now}, '', ''
      from leads l where ${isOpen(now)} and not exists (
        select from customers c where lower(c.email) = l.email and c.deleted_at is null and c.merged_into is null)
      order by l.email, l.created_at limit ${atOnce} returning id, stage_since)
    insert into stage_history (customer_id, since, stage) select id, stage_since, 'trial' from added`
}

function selectUntold(at: Date): SQL {
  const now = sql`${at.toISOString()}::timestamptz`
  const lately = sql`l.updated_at > ${new Date(at.getTime() - lookBackDays * 86_400_000).toISOString()}::timestamptz`
  const end = sql`extract(epoch from l.trial_ends_at)::bigint`
  // A server that works out the end anew with each push moves it a little each time: that is no news.
  const toldEnd = (...of: (typeof kinds)[number][]) => sql`(
    select max((e.data ->> 'trialEnd')::timestamptz) + interval '1 day' from timeline_entries e
    where e.customer_id = c.id and e.kind = any(${textArray(of)}) and e.source_id = l.id::text)`
  const isNews = (told: SQL) => sql`coalesce(l.trial_ends_at >= ${told}, true)`
  const endingFrom = sql`l.trial_ends_at - make_interval(days => ${endingDays})`
  const open = isOpen(now)
  return sql`
    select t.kind, t.key, t.at, l.id as lead, l.source, l.plan, l.trial_ends_at as trial_end, c.id as customer
    from leads l
    join lateral (
      select id from customers where lower(email) = l.email and deleted_at is null and merged_into is null
      order by stripe_id is null, created_at, id limit 1) c on true
    cross join lateral (values
      ('trial.started', 'trial.started:' || l.id, coalesce(l.trial_started_at, l.created_at), ${open}),
      -- A moment before it is said to be ending again, should it be: what ends by this must not be the new reminder.
      ('trial.extended', 'trial.extended:' || l.id || ':' || ${end}, l.updated_at - interval '1 millisecond',
        ${open} and l.trial_ends_at >= ${toldEnd("trial.ending", "trial.ended")}),
      -- Whoever is told late is told now, not of a time that has passed.
      ('trial.ending', 'trial.ending:' || l.id || ':' || ${end}, greatest(${endingFrom}, l.updated_at),
        ${open} and ${endingFrom} <= ${now} and ${isNews(toldEnd("trial.ending"))}),
      ('trial.ended', 'trial.ended:' || l.id || ':' || ${end}, l.trial_ends_at,
        l.kind = 'trial' and l.closed_at is not null and l.converted_at is null and ${lately} and ${isNews(toldEnd("trial.ended"))}),
      ('trial.converted', 'trial.converted:' || l.id, l.converted_at, l.kind = 'trial' and l.converted_at is not null and ${lately})
    ) as t(kind, key, at, holds)
    -- Of several trials of a person the one that ends last speaks for them.
    where (${open} or ${lately}) and (t.kind = 'trial.converted' or not exists (
      select from leads o where o.email = l.email and o.kind = 'trial' and (o.trial_ends_at, o.id) > (l.trial_ends_at, l.id)))
      and t.holds and not exists (select from timeline_entries e where e.key = t.key)
    order by t.at, t.key limit ${atOnce}`
}

/** Of those whom Stripe knows the stage follows from what they pay. */
function moveStages(rows: z.infer<typeof told>[], now: Date): SQL[] {
  const stages = rows.flatMap(({ kind, customer }) =>
    kind === "trial.ended"
      ? [{ customer, stage: "lead" }]
      : kind === "trial.converted"
        ? []
        : [{ customer, stage: "trial" }],
  )
  const ids = (wanted: string) => new Set(stages.flatMap(({ customer, stage }) => (stage === wanted ? [customer] : [])))
  const open = ids("trial")
  const over = [...ids("lead")].filter((id) => !open.has(id))
  return (
    [
      ["trial", [...open]],
      ["lead", over],
    ] as const
  ).flatMap(([stage, customers]) =>
    customers.length === 0
      ? []
      : [
          sql`
      with moved as (
        update customers set stage = ${stage}, stage_since = ${now.toISOString()}, version = version + 1
        where id = any(${uuidArray(customers)}) and stripe_id is null and erased_at is null and stage <> ${stage} returning id, stage_since)
      insert into stage_history (customer_id, since, stage) select id, stage_since, ${stage} from moved
      on conflict (customer_id, since) do update set stage = excluded.stage`,
        ],
  )
}
