import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import type { Database } from "../../shared/db/client.ts"

export interface OutboxInput {
  email?: string | null
  template?: string
  mailClass?: "transactional" | "marketing"
  dueAt?: Date
  staleAt?: Date
  deleted?: boolean
  /** Whether the customer's own record has been seen. */
  known?: boolean
}

/** Puts mails into the outbox, each for a customer of its own; returns their ids. */
export async function putInOutbox(db: Database, now: Date, mails: OutboxInput[]): Promise<string[]> {
  const rows = mails.map((mail, index) => ({
    id: randomUUID(),
    customer: randomUUID(),
    email: mail.email === undefined ? `c${index}@example.com` : mail.email,
    template: mail.template ?? "welcome",
    mail_class: mail.mailClass ?? "transactional",
    due_at: mail.dueAt ?? now,
    stale_at: mail.staleAt ?? new Date(now.getTime() + 48 * 3_600_000),
    deleted_at: mail.deleted ? now : null,
    synced_at: mail.known === false ? new Date(0) : now,
    at: now,
  }))
  const record = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, customer uuid, email text, template text, mail_class text, due_at timestamptz, stale_at timestamptz, deleted_at timestamptz, synced_at timestamptz, at timestamptz)`
  await db.execute(sql`
    insert into customers (id, stripe_id, email, created_at, deleted_at, synced_at, synced_order, digest)
    select customer, 'cus_' || customer, email, at, deleted_at, synced_at, '', '' from ${record}`)
  await db.execute(sql`
    insert into email_outbox (id, dedupe_key, customer_id, template_id, mail_class, due_at, stale_at, status, created_at)
    select id, id::text, customer, template, mail_class, due_at, stale_at, 'due', at from ${record}`)
  return rows.map(({ id }) => id)
}

export async function outboxRows(
  db: Database,
): Promise<Map<string, { status: string; reason: string | null; resend_id: string | null; delivery: string | null }>> {
  const found = await db.execute<{
    id: string
    status: string
    reason: string | null
    resend_id: string | null
    delivery: string | null
  }>(sql`select id, status, reason, resend_id, delivery from email_outbox`)
  return new Map(found.rows.map((row) => [row.id, row]))
}
