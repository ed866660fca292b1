import { type SQL, sql } from "drizzle-orm"
import { jsonb } from "../../db/bulk.ts"
import { countAnswer } from "../reply/countAnswer.ts"
import { takeBackAnswer } from "../reply/takeBackAnswer.ts"
import { wireId } from "./mailHeaders.ts"
import { outcomeUnknown } from "./recordReply.ts"

/** What Resend's webhooks tell of one mail. */
export interface ToldMail {
  type: string
  emailId: string | null
  ticketMessageId: string | null
  /** The Message-ID under which it travels. */
  messageId: string | null
  permanentBounce: boolean
  reason: string | null
}

/**
 * What Resend tells of messages that went out by mail: under which Message-ID they travel, so that answers find their way,
 * and that one came back. In any order, any number of times.
 */
export function tellMailReplies(told: ToldMail[]): SQL[] {
  const rows = told.map(({ type, emailId, ticketMessageId, messageId, permanentBounce, reason }) => ({
    message: ticketMessageId,
    email_id: emailId,
    wire_id: messageId === null ? null : wireId(messageId),
    lost: permanentBounce || type === "email.failed" || type === "email.suppressed",
    error: `${lostAs[type] ?? "It was not delivered"}: ${reason ?? "no reason given"}`.slice(0, 500),
  }))
  const record = sql`jsonb_to_recordset(${jsonb(rows)}) as r(message uuid, email_id text, wire_id text, lost boolean, error text)`
  const mails = sql`(select distinct on (s.message_id, r.lost) s.message_id, r.* from ${record} join ticket_mails s
    -- By the tag that we put on the mail, or by Resend's id once we know it.
    on s.message_id = coalesce((select message_id from ticket_mails where message_id = r.message), (select message_id from ticket_mails where resend_id = r.email_id limit 1))
    order by s.message_id, r.lost, r.wire_id nulls last) as r`
  return [
    sql`update ticket_mails s set resend_id = coalesce(s.resend_id, r.email_id), wire_id = coalesce(s.wire_id, r.wire_id)
      from ${mails} where s.message_id = r.message_id and r.wire_id is not null`,
    sql`update ticket_messages m set delivery = 'failed', error = r.error, next_attempt_at = null
      from ${mails} where m.id = r.message_id and r.lost and m.delivery is not null`,
    takeBackAnswer(sql`m.id in (select r.message_id from ${mails} where r.lost)`),
    // What is queued counts already; what nobody knew of was taken back, and counts from when it was sent last.
    countAnswer({
      which: sql`${isUnknown} and m.id in (select r.message_id from ${mails} where not r.lost)`,
      at: sql`greatest(m.sent_at, (select s.frozen_at from ticket_mails s where s.message_id = m.id))`,
    }),
    // Resend has it, so it was sent, whatever we have recorded so far.
    sql`update ticket_messages m set delivery = 'sent', error = null, next_attempt_at = null
      from ${mails} where m.id = r.message_id and not r.lost and (m.delivery = 'queued' or ${isUnknown})`,
  ]
}

const isUnknown = sql`(m.delivery = 'failed' and m.error like ${`${outcomeUnknown}%`})`

const lostAs: Record<string, string> = {
  "email.bounced": "It came back",
  "email.failed": "Resend could not send it",
  "email.suppressed": "Resend does not write to this address",
}
