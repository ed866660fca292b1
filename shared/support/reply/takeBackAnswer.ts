import { type SQL, sql } from "drizzle-orm"

/**
 * Takes back what replies counted for that did not arrive: who spoke last and when staff first answered are again what the
 * rest of the conversation says; where that changes nothing of who spoke last, whoever was reminded has been. `which` is
 * about `ticket_messages m`. For the batch that says that they failed, after it, or that gives them up, before it.
 */
export const takeBackAnswer = (which: SQL): SQL => sql`
  update tickets t set version = t.version + 1,
    first_response_at = case when told.first then told.answered_at else t.first_response_at end,
    first_response_by = case when told.first then told.answered_by else t.first_response_by end,
    last_message_at = case when told.last then told.spoken_at else t.last_message_at end,
    last_from = case when told.last then told.side else t.last_from end,
    nudged_at = case when told.last then null else t.nudged_at end,
    warned_at = case when told.last then null else t.warned_at end
  from (
    select k.id, k.first_response_at >= lost.since and k.first_response_by = any(lost.authors) as first,
      k.last_from = 'staff' and k.last_message_at >= lost.since and (rest.at, rest.side) is distinct from (k.last_message_at, k.last_from) as last,
      answered.at as answered_at, answered.by as answered_by, rest.at as spoken_at, rest.side
    from (
      select m.ticket_id, min(m.sent_at) as since, array_agg(m.author_id) as authors from ticket_messages m
      where m.origin = 'admin' and m.author_kind = 'staff' and not m.internal and m.delivery = 'failed' and ${which}
      group by m.ticket_id) lost
    join tickets k on k.id = lost.ticket_id
    left join lateral (
      select ${saidAt} as at, case m.origin when 'discord' then 'discord:' || m.author_id else m.author_id end as by
      from ticket_messages m where m.ticket_id = k.id and m.author_kind = 'staff' and ${isSaid}
        and (k.closed_at is null or ${saidAt} < k.closed_at)
      order by at, m.id limit 1) answered on true
    left join lateral (
      select ${saidAt} as at, case m.author_kind when 'staff' then 'staff' else 'opener' end as side
      from ticket_messages m where m.ticket_id = k.id and m.author_kind <> 'bot' and ${isSaid}
      order by at desc, m.id desc limit 1) spoken on true
    cross join lateral (
      select least(greatest(spoken.at, k.reopened_at, k.opened_at), k.last_message_at) as at, coalesce(spoken.side, 'opener') as side) rest) told
  where t.id = told.id and (told.first or told.last)`

/** Hours after it was written where it was tried again; Discord's ids tell the moment, and of a mail, when it was last sent. */
const saidAt = sql`greatest(m.sent_at,
  (select s.frozen_at from ticket_mails s where s.message_id = m.id and m.delivery = 'sent'),
  case when m.origin = 'admin' and m.external_id ~ '^[0-9]{15,20}$'
    then to_timestamp((floor(m.external_id::numeric / 4194304) + 1420070400000) / 1000) end)`

/** What the opener can read, or will be able to. */
const isSaid = sql`not m.internal and (m.origin <> 'admin' or m.delivery in ('queued', 'sent'))`
