import { type SQL, sql } from "drizzle-orm"
import { reviewStages } from "../../billing/reviewStages.ts"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { sqlState } from "../../db/sqlState.ts"
import { AppError } from "../../errors.ts"
import { auditEntry } from "../../staff/auditEntry.ts"

/** Everything that hangs on a customer by `customer_id` alone; what has a key of its own is below. */
const moved = [
  "rule_firings",
  "staff_notifications",
  "subscriptions",
  "subscription_states",
  "invoices",
  "payment_intents",
  "charges",
  "refunds",
  "disputes",
  "payment_methods",
  "tax_ids",
  "timeline_entries",
  "cancellations",
  "customer_notes",
  "email_outbox",
  "tickets",
  "discord_links",
  "discord_link_codes",
] as const

const divisionByZero = "22012"

/**
 * Makes two customers one, in one batch: everything of `from` becomes `into`'s, empty fields are filled from it, and what
 * Stripe later says of either lands on the one that stays. Throws `conflict` where one of them is not there any more, the
 * one that stays is deleted, or is none of Stripe's while the other is.
 */
export async function mergeRecords(ctx: Context, input: { from: string; into: string }): Promise<void> {
  try {
    await batch(ctx.db, statements(ctx, input))
  } catch (thrown) {
    if (sqlState(thrown) !== divisionByZero) throw thrown
    throw new AppError(
      "conflict",
      "One of the two is not there any more, or the one that would stay is deleted or not the one that Stripe knows. Look again.",
    )
  }
  // Should this not come to pass, the sweep does it.
  await reviewStages(ctx, 100)
}

function statements(ctx: Context, { from, into }: { from: string; into: string }): SQL[] {
  const now = ctx.now().toISOString()
  return [
    // Whoever applies an event of either holds this lock, and reads the customers anew after it.
    sql`select pg_advisory_xact_lock(key) from (
      select hashtextextended(stripe_id, 0) as key from customers where id in (${from}, ${into}) and stripe_id is not null order by 1) as keys`,
    // Of two merges at once, or of a merge and an erasure, the second sees what the first has made of them.
    sql`select id from customers where id in (${from}, ${into}) order by id for update`,
    sql`select 1 / count(*) from customers f join customers i on i.id = ${into}
      where f.id = ${from} and f.merged_into is null and i.merged_into is null and f.erased_at is null and i.erased_at is null
        and i.deleted_at is null and (i.stripe_id is not null or f.stripe_id is null)`,
    ...moved.map((table) => sql`update ${sql.identifier(table)} set customer_id = ${into} where customer_id = ${from}`),
    ...moveEnrolments(from, into, now),
    sql`insert into customer_mrr (customer_id, currency, amount)
      select ${into}::uuid, currency, amount from customer_mrr where customer_id = ${from}
      on conflict (customer_id, currency) do update set amount = customer_mrr.amount + excluded.amount`,
    sql`delete from customer_mrr where customer_id = ${from}`,
    // Derived anew from what both have been through.
    sql`delete from stage_history where customer_id in (${from}, ${into})`,
    auditEntry(ctx, {
      action: "customer.merged",
      subject: { type: "customer", id: into },
      after: { from },
    }),
    sql`update customers i set email = coalesce(i.email, f.email), name = coalesce(i.name, f.name), phone = coalesce(i.phone, f.phone),
        country = coalesce(i.country, f.country), currency = coalesce(i.currency, f.currency), locale = coalesce(i.locale, f.locale),
        time_zone = coalesce(i.time_zone, f.time_zone), discord_name = coalesce(i.discord_name, f.discord_name), created_at = least(i.created_at, f.created_at),
        tags = array(select distinct tag from unnest(i.tags || f.tags) as tag order by tag),
        stage_review_at = ${now}, version = i.version + 1
      from customers f where i.id = ${into} and f.id = ${from}`,
    sql`update customers set merged_into = ${into}, deleted_at = coalesce(deleted_at, ${now}::timestamptz), stage_review_at = null,
        version = version + 1
      where id = ${from} or merged_into = ${from}`,
  ]
}

/** Who is in the same sequence for the same thing on both sides stays once; the other's due mails are not sent. */
const moveEnrolments = (from: string, into: string, now: string): SQL[] => [
  sql`with twice as (
      select f.id from enrolments f join enrolments i on i.customer_id = ${into} and i.sequence_id = f.sequence_id
        and i.subject_id = case when f.subject_id = ${from} then ${into} else f.subject_id end
      where f.customer_id = ${from}),
    unsent as (
      update email_outbox set status = 'cancelled', reason = 'merged with another record of the same customer'
      where enrolment_id in (select id from twice) and status = 'due')
    update enrolments set subject_id = 'merged:' || id, exit_reason = coalesce(exit_reason, 'merged with another record of the same customer'),
      ended_at = coalesce(ended_at, ${now}::timestamptz), status = case when status = 'active' then 'exited' else status end
    where id in (select id from twice)`,
  sql`update enrolments set customer_id = ${into}, subject_id = case when subject_id = ${from} then ${into} else subject_id end
    where customer_id = ${from}`,
]
