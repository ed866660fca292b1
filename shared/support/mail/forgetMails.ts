import { type SQL, sql } from "drizzle-orm"

/**
 * Takes somebody's mails away, for the batch that erases them and after their own tickets are gone: what is kept apart, and
 * what they wrote in tickets of others, which stay without it. `addresses` is an array in lower case, `now` an instant.
 */
export const forgetMails = (addresses: SQL, now: string): SQL[] => {
  const theirs = sql`select id from ticket_messages where origin = 'email' and author_id = any(${addresses})`
  return [
    // Notes of whom a mail asks to have answered (noteCorrespondent.ts) are by its sender, and name them.
    sql`delete from ticket_messages m using received_mails r where r.reply_to_email = any(${addresses})
      and m.ticket_id = r.ticket_id and m.origin = 'email' and m.author_kind = 'bot' and m.internal
      and m.author_id = r.from_email and m.sent_at = r.received_at and position(r.reply_to_email in m.content) > 0`,
    sql`insert into file_deletions (key, requested_at)
      select key, ${now} from ticket_attachments where key is not null and message_id in (${theirs}) on conflict (key) do nothing`,
    sql`delete from ticket_attachments where message_id in (${theirs})`,
    sql`update ticket_messages set author_id = null, author_name = 'Erased', content = '(Erased.)', external_id = null, reply_to = null
      where id in (${theirs})`,
    sql`update ticket_events set actor_label = 'Erased' where key in (
      select 'reopened:' || ticket_id || ':' || id from received_mails where from_email = any(${addresses}))`,
    sql`delete from received_mails where ticket_id is null and (from_email = any(${addresses}) or reply_to_email = any(${addresses}))`,
    sql`update received_mails set from_email = 'erased', from_name = 'Erased', subject = '', rfc_id = id
      where from_email = any(${addresses})`,
    sql`update received_mails set reply_to_email = null, reply_to_name = null, subject = '' where reply_to_email = any(${addresses})`,
    sql`update received_mails set recipients = array(select each from unnest(recipients) as each where each <> all(${addresses}))
      where recipients && ${addresses}`,
  ]
}
