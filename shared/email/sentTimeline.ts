import { type SQL, sql } from "drizzle-orm"
import { jsonb } from "../db/bulk.ts"

/** The timeline's line about each of these mails that went out; the earliest time that anybody told of stands. */
export const sentTimeline = (mails: { id: string; subject: string }[]): SQL => sql`
  insert into timeline_entries (key, customer_id, occurred_at, kind, data, source, source_id)
  select 'email.sent:' || o.id, o.customer_id, o.sent_at, 'email.sent',
    jsonb_build_object('outbox', o.id, 'template', o.template_id, 'subject', r.subject), 'rule', o.id::text
  from jsonb_to_recordset(${jsonb(mails)}) as r(id uuid, subject text) join email_outbox o on o.id = r.id
  where o.status = 'sent' and o.sent_at is not null
  on conflict (key) do update set occurred_at = excluded.occurred_at, source = excluded.source, source_id = excluded.source_id
  where timeline_entries.occurred_at > excluded.occurred_at`
