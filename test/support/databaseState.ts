import { sql } from "drizzle-orm"
import type { Database } from "../../shared/db/client.ts"

/** Everything that a history of events leaves behind, without random ids and without when and how it was learnt. */
export async function databaseState(db: Database): Promise<Record<string, unknown[]>> {
  const learnt = [
    "id",
    "customer_id",
    "synced_at",
    "synced_order",
    "version",
    "stage_review_at",
    "fired_at",
    "created_at",
    "source_id",
    "event_id",
    "enrolment_id",
    "rule_version",
    "dedupe_key",
    "started_at",
    "occurred_at",
    "change_data",
    "ended_at",
    "due_at",
    "stale_at",
  ]
  const keep = (table: string, columns: string[]) => ({
    table,
    drop: learnt.filter((column) => !columns.includes(column)),
  })
  const tables = [
    keep("customers", ["created_at"]),
    keep("subscriptions", ["id", "ended_at"]),
    keep("subscription_items", ["id"]),
    keep("customer_mrr", []),
    keep("subscription_states", ["event_id", "occurred_at"]),
    keep("invoices", ["id", "created_at"]),
    keep("invoice_payments", ["id"]),
    keep("payment_intents", ["id"]),
    keep("charges", ["id"]),
    keep("refunds", ["id"]),
    keep("disputes", ["id"]),
    keep("payment_methods", ["id"]),
    keep("timeline_entries", ["occurred_at"]),
    keep("stage_history", []),
    keep("staff_notifications", []),
  ]
  const state: Record<string, unknown[]> = {}
  for (const { table, drop } of tables) {
    const owner =
      table === "customers"
        ? sql``
        : sql`|| jsonb_build_object('whose', (select stripe_id from customers c where to_jsonb(t) ->> 'customer_id' = c.id::text))`
    const found = await db.execute<{ row: unknown }>(
      sql`select (to_jsonb(t) - ${sql.param(drop)}::text[]) ${owner} as row from ${sql.identifier(table)} t order by 1`,
    )
    state[table] = found.rows.map(({ row }) => row)
  }
  // Who was enrolled for what, and which rule reacted to which change. How an enrolment ended depends on when we learnt of
  // things: a mail that went out in time in one order comes too late in another. Which of the two dunning sequences an
  // invoice got depends on the failure that Stripe told of when it was asked.
  state.enrolments = (
    await db.execute(sql`
      select distinct replace(sequence_id, 'dunning-authentication', 'dunning') as sequence, c.stripe_id as customer,
        case when e.subject_id = c.id::text then 'customer' else e.subject_id end as subject
      from enrolments e join customers c on c.id = e.customer_id order by 1, 2, 3`)
  ).rows
  state.firings = (
    await db.execute(sql`select rule_id, change_key from rule_firings where rule_id not like 'dunning%' order by 1, 2`)
  ).rows
  return state
}

/** Who is still in which sequence, and the mails that wait: the same in any order while none has been sent. */
export async function waitingMails(db: Database): Promise<unknown[]> {
  const found = await db.execute(sql`
    select replace(e.sequence_id, 'dunning-authentication', 'dunning') as sequence, c.stripe_id as customer,
      case when e.subject_id = c.id::text then 'customer' else e.subject_id end as subject, o.step, o.due_at
    from enrolments e join customers c on c.id = e.customer_id
    left join email_outbox o on o.enrolment_id = e.id and o.status = 'due'
    where e.status = 'active' order by 1, 2, 3, 4, 5`)
  return found.rows
}

/** All but the audit log, which nothing can empty. Row by row: for few rows that is 15 times as fast as to truncate. */
export async function emptyDatabase(db: Database): Promise<void> {
  const found = await db.execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'public' and table_name <> 'audit_log'`,
  )
  const deletes = found.rows.map(({ name }) => `delete from "${name}";`).join(" ")
  await db.execute(sql.raw(`do $$ begin set local session_replication_role = replica; ${deletes} end $$`))
}
