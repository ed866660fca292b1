import { type SQL, sql } from "drizzle-orm"
import { erasedPayload } from "../billing/withoutPersonalData.ts"
import { jsonb } from "../db/bulk.ts"
import { tellLinkCodes } from "../support/link/tellLinkCodes.ts"
import { tellMailReplies } from "../support/mail/tellMailReplies.ts"
import { completeEnrolments } from "./completeEnrolments.ts"
import type { ResendEvent } from "./resendEvent.ts"
import { suppressAddresses } from "./suppressAddresses.ts"
import { toldKinds } from "./toldKinds.ts"

export interface StoredEvent {
  svixId: string
  event: ResendEvent
}

/** How far a mail has come; a higher rank is never taken back. */
const deliveryRank = { sent: 1, delayed: 2, delivered: 3, failed: 4, suppressed: 5, bounced: 6 } as const
const deliveries: Record<string, keyof typeof deliveryRank> = {
  "email.sent": "sent",
  "email.delivery_delayed": "delayed",
  "email.delivered": "delivered",
  "email.failed": "failed",
  "email.suppressed": "suppressed",
  "email.bounced": "bounced",
}

/**
 * Every write is the same in any order and in any batches: delivery moves up by rank, of each thing that happens once
 * the earliest telling stands, suppressions only ever get stricter.
 */
export function writeResendEvents(events: StoredEvent[], now: Date): SQL[] {
  const told = sql`(
    select r.svix_id, r.type, r.at, r.email_id, r.delivery, r.rank, r.told, o.id as mail,
      -- What the other side says of a mail to whom was erased may name them.
      case when c.erased_at is null then r.bounce end as bounce, case when c.erased_at is null then r.reason end as reason
    from ${toRecord(events)} join email_outbox o
      -- By the tag that we put on the mail, or by Resend's id once we know it.
      on o.id = coalesce((select id from email_outbox where id = r.outbox_id), (select id from email_outbox where resend_id = r.email_id limit 1))
    left join customers c on c.id = o.customer_id
    ) as r`
  const mails = events.map(({ event }) => ({ ...event, permanentBounce: event.bounce?.type === "Permanent" }))
  return [
    moveOutbox(told),
    ...suppressAddresses(events),
    ...tellMailReplies(mails),
    ...tellLinkCodes(mails, now),
    tellTimelines(told),
    completeEnrolments(sql`select mail from ${told}`, now),
    settle(events, now),
  ]
}

function toRecord(events: StoredEvent[]): SQL {
  const rows = events.map(({ svixId, event }) => {
    const delivery = deliveries[event.type]
    return {
      svix_id: svixId,
      type: event.type,
      at: event.createdAt,
      outbox_id: event.outboxId,
      ticket_message: event.ticketMessageId,
      email_id: event.emailId,
      delivery: delivery ?? null,
      rank: delivery ? deliveryRank[delivery] : 0,
      bounce: event.bounce && { ...event.bounce, at: event.createdAt },
      reason: event.reason,
      told: toldKinds.includes(event.type),
    }
  })
  return sql`jsonb_to_recordset(${jsonb(rows)}) as r(svix_id text, type text, at timestamptz, outbox_id uuid, ticket_message uuid, email_id text, delivery text, rank integer, bounce jsonb, reason text, told boolean)`
}

const rankOf = (delivery: SQL): SQL =>
  sql`case ${delivery} ${sql.join(
    Object.entries(deliveryRank).map(([name, rank]) => sql`when ${name} then ${rank}::integer`),
    sql` `,
  )} else 0 end`

/** The smallest counts: a permanent bounce before any other, then the earliest. */
const bounceOrder = (bounce: SQL): SQL =>
  sql`((case when ${bounce} ->> 'type' = 'Permanent' then '0' else '1' end) || (${bounce} ->> 'at') || ${bounce}::text) collate "C"`

const moveOutbox = (told: SQL): SQL => sql`
  with told as (
    select mail,
      (array_agg(r.delivery order by r.rank desc, r.at) filter (where r.rank > 0))[1] as delivery,
      coalesce(max(r.rank), 0) as rank,
      (array_agg(r.at order by r.rank desc, r.at) filter (where r.rank > 0))[1] as delivery_at,
      min(r.email_id) as email_id,
      min(r.at) filter (where r.type = 'email.opened') as opened_at,
      min(r.at) filter (where r.type = 'email.clicked') as clicked_at,
      min(r.at) filter (where r.type = 'email.complained') as complained_at,
      min(r.at) as first_at,
      (array_agg(r.bounce order by ${bounceOrder(sql`r.bounce`)}) filter (where r.bounce is not null))[1] as bounce
    from ${told} group by mail)
  update email_outbox o set
    -- Resend knows the mail, so it was sent, whatever we have recorded so far.
    status = 'sent',
    reason = null,
    lease_until = null,
    resend_id = coalesce(o.resend_id, t.email_id),
    sent_at = least(o.sent_at, t.first_at),
    delivery = case when t.rank > ${rankOf(sql`o.delivery`)} then t.delivery else o.delivery end,
    delivery_at = case when t.rank > ${rankOf(sql`o.delivery`)} then t.delivery_at
      when t.rank = ${rankOf(sql`o.delivery`)} then least(o.delivery_at, t.delivery_at) else o.delivery_at end,
    bounce = case when o.bounce is null or ${bounceOrder(sql`t.bounce`)} < ${bounceOrder(sql`o.bounce`)} then t.bounce else o.bounce end,
    opened_at = least(o.opened_at, t.opened_at),
    clicked_at = least(o.clicked_at, t.clicked_at),
    complained_at = least(o.complained_at, t.complained_at)
  from told t where o.id = t.mail`

/** One line per mail and kind, with the time and words of the earliest telling. */
const tellTimelines = (told: SQL): SQL => sql`
  insert into timeline_entries (key, customer_id, occurred_at, kind, data, source, source_id)
  select distinct on (r.type, r.mail) r.type || ':' || r.mail, o.customer_id, r.at, r.type,
    jsonb_strip_nulls(jsonb_build_object('outbox', o.id, 'template', o.template_id, 'subject', o.message ->> 'subject', 'reason', r.reason)),
    'resend', r.svix_id
  from ${told} join email_outbox o on o.id = r.mail
  where r.told and not exists (select from customers c where c.id = o.customer_id and c.erased_at is not null)
  order by r.type, r.mail, r.at, r.svix_id collate "C"
  on conflict (key) do update set occurred_at = excluded.occurred_at, data = excluded.data, source = excluded.source, source_id = excluded.source_id
  where (timeline_entries.occurred_at, timeline_entries.source_id collate "C") > (excluded.occurred_at, excluded.source_id collate "C")`

const settle = (events: StoredEvent[], now: Date): SQL => sql`
  update resend_events e set settled_at = ${now.toISOString()},
    payload = case when exists (select from customers c where c.id = m.customer_id and c.erased_at is not null)
      then ${erasedPayload} else e.payload end,
    status = case when m.id is null and t.message_id is null then 'ignored' else 'applied' end,
    reason = case when m.id is not null or t.message_id is not null then null when r.type not like 'email.%' then 'Nothing here reacts to events of this type.'
      else 'It is about a mail that was not sent from here.' end
  from ${toRecord(events)} left join email_outbox m
    on m.id = coalesce((select id from email_outbox where id = r.outbox_id), (select id from email_outbox where resend_id = r.email_id limit 1))
  left join ticket_mails t on t.message_id = coalesce(r.ticket_message, (select message_id from ticket_mails where resend_id = r.email_id limit 1))
  where e.svix_id = r.svix_id`
