import { type SQL, sql } from "drizzle-orm"
import { erasedPayload, expiredPayload } from "../../billing/withoutPersonalData.ts"

/**
 * Has the events of received mails applied again, which copies what files of theirs are missing and doubles nothing. The
 * sweep takes them up. `mails` selects their ids.
 */
export const fetchMailsAgain = (mails: SQL, now: Date): SQL => sql`
  update resend_events set status = 'received', reason = null, attempts = 0, settled_at = null,
    next_attempt_at = ${new Date(now.getTime() - 120_000).toISOString()}::timestamptz
  where type = 'email.received' and email_id in (${mails}) and status in ('applied', 'failed')
    and payload not in (${erasedPayload}, ${expiredPayload})`
