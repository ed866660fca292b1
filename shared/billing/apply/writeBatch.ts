import { getTableName, type SQL, sql } from "drizzle-orm"
import type { PgTable } from "drizzle-orm/pg-core"
import { writeAutomation } from "../../automation/writeAutomation.ts"
import { insertRows, jsonb, setExcluded, textArray, uuidArray } from "../../db/bulk.ts"
import * as schema from "../../db/schema/billing.ts"
import { customerMrr } from "../../db/schema/customers.ts"
import { fromApi } from "../precedence.ts"
import { erasedPayload, erasedReason } from "../withoutPersonalData.ts"
import type { FoldedBatch } from "./foldBatch.ts"
import type { Settlement } from "./settlements.ts"

/** What one batch writes, as statements for one `db.batch`. Their number has a fixed bound, whatever the batch's size. */
export function writeStatements(input: { folded: FoldedBatch; settlements: Settlement[] }): SQL[] {
  const { folded, settlements } = input
  return [
    ...guard(folded, settlements),
    ...writeCustomers(folded),
    ...Object.entries(folded.snapshots).map(([table, rows]) =>
      upsertLater(snapshotTables[table as SnapshotName], rows),
    ),
    ...writeItems(folded),
    ...ifAny(
      folded.states,
      (rows) => sql`${insertRows(schema.subscriptionStates, rows).statement} on conflict do nothing`,
    ),
    ...writeMrr(folded),
    ...ifAny(
      folded.firstFailures,
      (rows) => sql`
      update invoices set first_failed_at = least(first_failed_at, r.at)
      from jsonb_to_recordset(${jsonb(rows)}) as r(id text, at timestamptz)
      where invoices.id = r.id and (first_failed_at is null or first_failed_at > r.at)`,
    ),
    ...ifAny(folded.timeline, upsertTimeline),
    ...writeStages(folded),
    ...writeAutomation(folded.automation),
    settle(settlements, folded.erasedEvents),
  ]
}

const snapshotTables = {
  products: schema.products,
  prices: schema.prices,
  coupons: schema.coupons,
  subscriptions: schema.subscriptions,
  invoices: schema.invoices,
  invoicePayments: schema.invoicePayments,
  paymentIntents: schema.paymentIntents,
  charges: schema.charges,
  refunds: schema.refunds,
  disputes: schema.disputes,
  paymentMethods: schema.paymentMethods,
  taxIds: schema.taxIds,
  customers: schema.customers,
} as const
type SnapshotName = keyof typeof snapshotTables

const ifAny = <Row>(rows: Row[], statement: (rows: Row[]) => SQL): SQL[] => (rows.length > 0 ? [statement(rows)] : [])

/** SQLSTATE that says: what was read has changed since, read again. */
export const staleReadState = "22012"

/**
 * Holds every touched customer until the end of the batch, then fails the batch if one of them, or one of the events,
 * is not as it was read. The locks come first, in one order, so that the check sees what an earlier holder committed.
 */
function guard({ customers }: FoldedBatch, settlements: Settlement[]): SQL[] {
  const read = customers.map(({ row, version }) => ({ stripe_id: row.stripeId, version }))
  const attempts = settlements.map(({ id, attempts: expected }) => ({ id, attempts: expected }))
  return [
    sql`select pg_advisory_xact_lock(key) from (
      select hashtextextended(stripe_id, 0) as key from unnest(${textArray(read.flatMap((row) => row.stripe_id ?? []))}) as stripe_id order by 1
    ) as keys`,
    sql`select 1 / (case when
      exists (
        select from jsonb_to_recordset(${jsonb(read)}) as r(stripe_id text, version integer)
        left join customers c on c.stripe_id = r.stripe_id where c.version is distinct from r.version)
      or exists (
        select from jsonb_to_recordset(${jsonb(attempts)}) as r(id text, attempts integer)
        left join stripe_events e on e.id = r.id
        where e.attempts is distinct from r.attempts or e.status not in ('received', 'retrying'))
      then 0 else 1 end)`,
  ]
}

function writeCustomers({ customers }: FoldedBatch): SQL[] {
  return ifAny(customers, (touched) => {
    const rows = touched.map(({ row }) => ({ ...row, version: row.version + 1 }))
    const { statement, columns } = insertRows(schema.customers, rows)
    const ours = new Set(["id", "stripe_id", "tags", "time_zone", "discord_name"])
    return sql`${statement} on conflict (stripe_id) do update set ${setExcluded(columns.filter((column) => !ours.has(column)))}`
  })
}

/** Takes the rows that are later than what is there; see precedence.ts. */
function upsertLater(table: PgTable, rows: Record<string, unknown>[]): SQL {
  const { statement, columns } = insertRows(table, rows)
  const name = sql.identifier(getTableName(table))
  return sql`${statement} on conflict (id) do update set ${setExcluded(columns.filter((column) => column !== "id"))}
    where (${name}.settled, ${name}.synced_at, ${name}.synced_order collate "C")
        < (excluded.settled, excluded.synced_at, excluded.synced_order collate "C")
      or ((${name}.settled, ${name}.synced_at, ${name}.synced_order) = (excluded.settled, excluded.synced_at, ${fromApi})
        and excluded.synced_order = ${fromApi} and ${name}.digest <> excluded.digest)`
}

function writeItems({ items, snapshots }: FoldedBatch): SQL[] {
  const subscriptions = (snapshots.subscriptions ?? []).map((row) => String(row.id))
  return [
    ...ifAny(
      subscriptions,
      (ids) => sql`
      delete from subscription_items
      where subscription_id = any(${textArray(ids)}) and not (id = any(${textArray(items.map(({ id }) => id))}))`,
    ),
    ...ifAny(items, (rows) => {
      const { statement, columns } = insertRows(schema.subscriptionItems, rows)
      return sql`${statement} on conflict (id) do update set ${setExcluded(columns)}`
    }),
  ]
}

function writeMrr({ mrr }: FoldedBatch): SQL[] {
  const kept = jsonb(mrr.rows.map(({ customerId, currency }) => ({ customer_id: customerId, currency })))
  return [
    ...ifAny(
      mrr.customerIds,
      (ids) => sql`
      delete from customer_mrr m where customer_id = any(${uuidArray(ids)}) and not exists (
        select from jsonb_to_recordset(${kept}) as r(customer_id uuid, currency text)
        where r.customer_id = m.customer_id and r.currency = m.currency)`,
    ),
    ...ifAny(
      mrr.rows,
      (rows) => sql`
      ${insertRows(customerMrr, rows).statement}
      on conflict (customer_id, currency) do update set amount = excluded.amount where customer_mrr.amount <> excluded.amount`,
    ),
  ]
}

function upsertTimeline(rows: FoldedBatch["timeline"]): SQL {
  return sql`${insertRows(schema.timelineEntries, rows).statement} on conflict (key) do update
    set occurred_at = excluded.occurred_at, data = excluded.data, source_id = excluded.source_id
    where (timeline_entries.occurred_at, timeline_entries.source_id) > (excluded.occurred_at, excluded.source_id)`
}

function writeStages({ stageHistory }: FoldedBatch): SQL[] {
  return ifAny(stageHistory, (rows) => {
    const customerIds = new Set(rows.map(({ customerId }) => customerId))
    const times = jsonb(rows.map(({ customerId, since }) => ({ customer_id: customerId, since })))
    return sql`
      with gone as (
        delete from stage_history h where customer_id = any(${uuidArray(customerIds)}) and not exists (
          select from jsonb_to_recordset(${times}) as r(customer_id uuid, since timestamptz)
          where r.customer_id = h.customer_id and r.since = h.since))
      ${insertRows(schema.stageHistory, rows).statement}
      on conflict (customer_id, since) do update set stage = excluded.stage where stage_history.stage <> excluded.stage`
  })
}

/** Of a customer whose data was erased nothing of what was said stays, whether it could be applied or not. */
function settle(settlements: Settlement[], erasedEvents: string[]): SQL {
  return sql`
    with r as (
      select r.*, r.settled_at is not null and (s.id = any(${textArray(erasedEvents)})
        or exists (select from customers c where c.stripe_id = s.stripe_customer_id and c.erased_at is not null)) as erased
      from jsonb_to_recordset(${jsonb(settlements.map(toRecord))})
        as r(id text, status text, reason text, settled_at timestamptz, next_attempt_at timestamptz)
      join stripe_events s on s.id = r.id)
    update stripe_events e
    set payload = case when r.erased then ${erasedPayload} else e.payload end,
      status = case when r.erased and r.status = 'failed' then 'ignored' else r.status end,
      reason = case when r.erased and r.status = 'failed' then ${erasedReason} else r.reason end,
      settled_at = r.settled_at, next_attempt_at = coalesce(r.next_attempt_at, e.next_attempt_at)
    from r where e.id = r.id`
}

const toRecord = ({ id, status, reason, settledAt, nextAttemptAt }: Settlement) => ({
  id,
  status,
  reason,
  settled_at: settledAt,
  next_attempt_at: nextAttemptAt,
})
