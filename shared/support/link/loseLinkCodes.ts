import { type SQL, sql } from "drizzle-orm"
import { jsonb } from "../../db/bulk.ts"

/**
 * Codes whose mail did not go out or came back, as a statement: staff are told, once a day of a customer. Whoever asked is
 * not, because only a customer's address has mails that fail.
 */
export const loseLinkCodes = (lost: { id: string; failure: "refused" | "unsure" | "lost" }[], at: Date): SQL => {
  const now = at.toISOString()
  return sql`
    with lost as (
      update discord_link_codes c set failure = coalesce(c.failure, r.failure)
      from jsonb_to_recordset(${jsonb(lost)}) as r(id uuid, failure text)
      where c.id = r.id and c.used_at is null returning c.customer_id, c.email, r.failure)
    insert into staff_notifications (id, key, message, customer_id, created_at)
    select distinct on (customer_id) gen_random_uuid(), 'link-code:' || customer_id || ${`:${now.slice(0, 10)}`},
      'A code to link a Discord account ' || case failure when 'lost' then 'came back from ' when 'unsure' then 'may not have gone out to '
        else 'could not be mailed to ' end || email || '.', customer_id, ${now}::timestamptz
    from lost where customer_id is not null order by customer_id
    on conflict (key) do nothing`
}
