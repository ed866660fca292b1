import { type SQL, sql } from "drizzle-orm"
import { erasedPayload, erasedReason, moneyFields, moneyKinds } from "../../billing/withoutPersonalData.ts"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { textArray, uuidArray } from "../../db/bulk.ts"
import { sqlState } from "../../db/sqlState.ts"
import { addressHash } from "../../email/addressHash.ts"
import { AppError } from "../../errors.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import { requireConfirmation } from "../../staff/confirmations.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { forgetMails } from "../../support/mail/forgetMails.ts"
import { addressPattern } from "./addressPattern.ts"
import { eraseQuestion } from "./eraseQuestion.ts"
import { type Person, personOf } from "./personOf.ts"

const divisionByZero = "22012"

/**
 * Takes a person's data away wherever it is, for good, in one batch; money records stay, without it. Their addresses are
 * kept as hashes that no marketing goes to. Later webhooks of the same Stripe customer bring nothing back. Doing it
 * twice is doing it once. Throws `conflict` while a subscription runs, a mail is on its way, or an event waits.
 */
export async function eraseCustomer(
  ctx: Context,
  input: { id: string; confirmation: string | undefined },
): Promise<void> {
  requirePermission(ctx, "customers:erase")
  const person = await personOf(ctx, input.id)
  if (!person) throw new AppError("not_found", "There is no such customer.")
  if (person.erased) return
  await requireConfirmation(ctx, { ...eraseQuestion(input.id), confirmation: input.confirmation })
  try {
    await batch(ctx.db, statements(ctx, input.id, person))
  } catch (thrown) {
    if (sqlState(thrown) !== divisionByZero) throw thrown
    throw new AppError(
      "conflict",
      "It cannot be done right now: a subscription is running, a mail is on its way, or an event of theirs waits to be applied or has changed them just now. End the subscription, or try again in a minute.",
    )
  }
}

function statements(ctx: Context, id: string, person: Person): SQL[] {
  const now = ctx.now().toISOString()
  const named = (column: SQL) => names(column, person)
  const emails = textArray(person.addresses)
  const objects = sql`array(
    ${sql.join(
      [
        "subscriptions",
        "invoices",
        "charges",
        "refunds",
        "disputes",
        "payment_intents",
        "payment_methods",
        "tax_ids",
      ].map((table) => sql`select id from ${sql.identifier(table)} where customer_id = ${id}`),
      sql` union all `,
    )} union all
    select p.id from invoice_payments p join invoices i on i.id = p.invoice_id where i.customer_id = ${id})`
  // Some events tell whom they are about only by what they were about before, or by the address.
  const mentions = person.stripeIds.map((stripeId) => sql`position(${`"${stripeId}"`} in payload) > 0`)
  const theirEvents = sql`(${sql.join(
    [
      sql`stripe_customer_id = any(${textArray(person.stripeIds)})`,
      sql`object_id = any(${objects})`,
      ...mentions,
      named(sql`payload`),
    ],
    sql` or `,
  )})`
  const theirTickets = sql`(t.customer_id = ${id} or t.opener_email = any(${emails})
    or t.opener_id in (select user_id from discord_links where customer_id = ${id}))`
  return [
    // Whoever applies an event of theirs holds this lock, and reads the customer anew after it.
    sql`select pg_advisory_xact_lock(key) from (
      select hashtextextended(stripe_id, 0) as key from unnest(${textArray(person.stripeIds)}) as stripe_id order by 1) as keys`,
    // And whoever merges them with somebody these rows.
    sql`select id from customers where id = ${id} or merged_into = ${id} order by id for update`,
    sql`select 1 / (case when
      not exists (select from customers where id = ${id} and version = ${person.version})
      or exists (select from customers where merged_into = ${id} and not (id = any(${uuidArray(person.ids)})))
      or exists (select from subscriptions where customer_id = ${id} and status in ('active', 'trialing', 'past_due', 'unpaid', 'paused'))
      or exists (select from email_outbox where customer_id = ${id} and status = 'sending')
      or exists (select from stripe_events where status in ('received', 'retrying') and ${theirEvents})
      then 0 else 1 end)`,
    ...forgetAddresses(emails, now),
    sql`delete from customer_notes where customer_id = ${id}`,
    sql`delete from staff_notifications where customer_id = ${id} or ${named(sql`message`)}`,
    ...[sql`segments`, sql`rules`].map(
      (table) =>
        sql`update ${table} set condition = ${withoutAddresses(sql`condition`, person)} where ${named(sql`condition::text`)}`,
    ),
    sql`update sequences set exits = ${withoutAddresses(sql`exits`, person)}, steps = ${withoutAddresses(sql`steps`, person)}
      where ${named(sql`exits::text || ' ' || steps::text`)}`,
    // Files in R2 are deleted by the job that works off this list.
    sql`insert into file_deletions (key, requested_at)
      select a.key, ${now} from ticket_attachments a join tickets t on t.id = a.ticket_id
      where a.key is not null and ${theirTickets} on conflict (key) do nothing`,
    sql`delete from tickets t where ${theirTickets}`,
    ...forgetMails(emails, now),
    sql`delete from discord_link_codes where customer_id = ${id} or email = any(${emails})
      or user_id in (select user_id from discord_links where customer_id = ${id})`,
    sql`delete from support_blocks where subject = any(${emails}) or subject in (select user_id from discord_links where customer_id = ${id})`,
    sql`update discord_interactions set payload = null, failed_at = null, error = null
      where user_id in (select user_id from discord_links where customer_id = ${id})`,
    sql`delete from discord_links where customer_id = ${id}`,
    sql`delete from leads where email = any(${emails})`,
    sql`delete from customer_import_rows where lower(email) = any(${emails}) or ${named(sql`cells::text`)}`,
    sql`delete from idempotency_keys where ${named(sql`answer`)} or position(${id} in answer) > 0`,
    // What was asked about may be a search for them; only those that are open are still of use.
    sql`delete from staff_confirmations where used_at is not null or expires_at <= ${now} or ${named(sql`about`)}`,
    sql`update cancellations set comment = null, last_error = null, request_key = id::text where customer_id = ${id}`,
    sql`update enrolments set change_data = '{}',
      exit_reason = case when status = 'active' then 'the customer''s data was erased' else exit_reason end,
      ended_at = case when status = 'active' then ${now}::timestamptz else ended_at end,
      status = case when status = 'active' then 'exited' else status end
      where customer_id = ${id}`,
    sql`update email_requests set last_answer = null where id in (select request_id from email_outbox where customer_id = ${id})`,
    sql`update resend_events set payload = ${erasedPayload}, reason = null,
      status = case when status = 'applied' then status else 'ignored' end
      where outbox_id in (select id::text from email_outbox where customer_id = ${id}) or ${named(sql`payload`)}`,
    // Subjects of mails that were tried out on them, to staff.
    sql`update resend_events set payload = ${erasedPayload}
      where outbox_id is null and status in ('applied', 'ignored') and lower(payload) like any(${textArray(person.names.map(like))})`,
    sql`update email_outbox set message = null, bounce = null, reason = null,
      status = case when status = 'due' then 'cancelled' else status end where customer_id = ${id}`,
    sql`update stripe_events set payload = ${erasedPayload},
      reason = case when status = 'failed' then ${erasedReason} else reason end,
      status = case when status = 'failed' then 'ignored' else status end
      where ${theirEvents}`,
    sql`delete from timeline_entries where customer_id = ${id} and not (kind like any(${textArray(moneyKinds.map((kind) => `${kind}%`))}))`,
    sql`update timeline_entries set data = coalesce((
        select jsonb_object_agg(key, value) from jsonb_each(data) where key = any(${textArray(moneyFields)})), '{}')
      where customer_id = ${id}`,
    sql`delete from payment_methods where customer_id = ${id}`,
    sql`delete from tax_ids where customer_id = ${id}`,
    sql`update subscriptions set metadata = '{}', cancellation_comment = null where customer_id = ${id}`,
    sql`update invoices set hosted_invoice_url = null,
      lines = coalesce((select jsonb_agg(line || '{"description": null}') from jsonb_array_elements(lines) as line), '[]')
      where customer_id = ${id}`,
    sql`update charges set receipt_url = null, failure_message = null where customer_id = ${id}`,
    sql`update payment_intents set failure_message = null where customer_id = ${id}`,
    ...forgetInAudit(person),
    auditEntry(ctx, { action: "customer.erased", subject: { type: "customer", id } }),
    sql`update customers set email = null, name = null, phone = null, locale = null, time_zone = null, discord_name = null, metadata = '{}', tags = '{}',
      erased_at = ${now}, deleted_at = coalesce(deleted_at, ${now}::timestamptz), version = version + 1, digest = '' where id = ${id} or merged_into = ${id}`,
  ]
}

/** `%text%`, with the text taken literally. */
const like = (text: string) => `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`

/** Whether a text holds one of the addresses, and not just as a part of another one. */
const names = (column: SQL, { addresses }: Person): SQL =>
  addresses.length === 0
    ? sql`false`
    : sql`(lower(${column}) like any(${textArray(addresses.map(like))}) and lower(${column}) ~ any(${textArray(addresses.map(addressPattern))}))`

/** A JSON value with a word in place of the addresses: what others keep in it stays, and it fits nobody any more. */
const withoutAddresses = (column: SQL, { addresses }: Person): SQL =>
  sql`${addresses.reduce((text, address) => sql`regexp_replace(${text}, ${addressPattern(address)}, '\\1erased', 'gi')`, sql`${column}::text`)}::jsonb`

/** What stops mail to them stops it by the address's hash from here on, and no marketing goes there in any case. */
const forgetAddresses = (emails: SQL, now: string): SQL[] => [
  sql`insert into suppressions (email, reason, "all", since)
    select ${addressHash(sql`email`)}, reason, "all", since from suppressions where email = any(${emails})
    on conflict (email, reason) do nothing`,
  sql`insert into suppressions (email, reason, "all", since)
    select distinct ${addressHash(sql`address`)}, 'erased', false, ${now}::timestamptz from unnest(${emails}) as address
    on conflict (email, reason) do nothing`,
  sql`delete from suppressions where email = any(${emails})`,
]

/** The audit log lets through just this: values give way to "erased", and that somebody did something stays. */
function forgetInAudit(person: Person): SQL[] {
  const searched = sql`coalesce(after #>> '{filter,q}', '')`
  const theirNames = textArray([...person.names, ...person.addresses])
  return [
    sql`update audit_log set before = case when before is null then null else '"erased"'::jsonb end,
      after = case when after is null then null else '"erased"'::jsonb end
      where (before is distinct from '"erased"'::jsonb or after is distinct from '"erased"'::jsonb)
        and ((subject_type = 'customer' and subject_id = any(${textArray(person.ids)}))
          or ${names(sql`before::text`, person)} or ${names(sql`after::text`, person)}
          or lower(coalesce(before::text, '') || coalesce(after::text, '')) like any(${textArray(person.names.map(like))})
          -- What somebody typed to find them.
          or (length(${searched}) >= 3 and exists (
            select from unnest(${theirNames}) as known where position(lower(${searched}) in known) > 0)))`,
    sql`update audit_log set subject_id = 'erased' where ${names(sql`subject_id`, person)}`,
  ]
}
