import { type SQL, sql } from "drizzle-orm"
import { jsonb } from "../db/bulk.ts"

/** Ends the enrolments of these mails for the reason given, and cancels every step of theirs that is still due. */
export const leaveSequences = (mails: { id: string; reason: string }[], now: Date): SQL => sql`
  with leaving as (
    select distinct on (o.enrolment_id) o.enrolment_id as id, r.reason
    from jsonb_to_recordset(${jsonb(mails)}) as r(id uuid, reason text) join email_outbox o on o.id = r.id),
  left_now as (
    update enrolments e set status = 'exited', exit_reason = l.reason, ended_at = ${now.toISOString()}
    from leaving l where e.id = l.id and e.status = 'active')
  update email_outbox o set status = 'cancelled', reason = l.reason, lease_until = null
  from leaving l where o.enrolment_id = l.id and o.status = 'due'`
