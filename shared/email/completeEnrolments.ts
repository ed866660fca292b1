import { type SQL, sql } from "drizzle-orm"
import { uuidArray } from "../db/bulk.ts"

/** Completes the enrolments of these mails (ids, or a query of them) that have no step left to send. */
export const completeEnrolments = (mails: string[] | SQL, now: Date): SQL => sql`
  update enrolments e set status = 'completed', ended_at = ${now.toISOString()}
  where e.status = 'active'
    and e.id in (select enrolment_id from email_outbox where id in (${Array.isArray(mails) ? sql`select unnest(${uuidArray(mails)})` : mails}))
    and not exists (select from email_outbox o where o.enrolment_id = e.id and o.status in ('due', 'sending'))`
