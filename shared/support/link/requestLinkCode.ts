import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import type { SecretBox } from "../../staff/own/secretBox.ts"
import { linkCode, linkMinutes } from "./linkCode.ts"

/** Codes that a Discord account, or an address, gets in an hour, and how often it may ask while no mail goes out. */
const mostInAnHour = { codes: 3, attempts: 10 }

/**
 * A code for the address, to be mailed there where it is a customer's, for whoever in Discord says that it is theirs: what
 * they say alone links nothing. False while no mail goes out at all, which does not count. All else is the same for every address: whose
 * mail fails must not tell who is a customer. Throws `rate_limited` after three in an hour.
 */
export async function requestLinkCode(
  ctx: Context,
  input: { requestId: string; userId: string; userName: string; email: string; box: SecretBox },
): Promise<boolean> {
  const { requestId, userId, userName, box } = input
  const email = input.email.trim().toLowerCase()
  if (email.length > 254 || !/^[^\s\p{C}@<>,;"]+@[^\s\p{C}@<>,;"]+$/u.test(email))
    throw new AppError("bad_request", "This is no e-mail address.")
  const code = await linkCode(box, requestId)
  const now = ctx.now()
  const before = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString()
  const [, made] = await ctx.db.batch([
    ctx.db.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(${userId}, 6)), pg_advisory_xact_lock(hashtextextended(${email}, 7))`,
    ),
    ctx.db.execute<{ failure: string | null }>(sql`
      insert into discord_link_codes (id, user_id, user_name, email, customer_id, code_hash, created_at, expires_at, failure)
      select ${requestId}, ${userId}, ${userName}, ${email}, (
          select id from customers where lower(email) = ${email} and deleted_at is null and merged_into is null
          order by stripe_id is null, created_at, id limit 1),
        ${await box.mac("discord link", `${requestId}:${code}`)}, ${now.toISOString()}::timestamptz, ${before(-linkMinutes)}::timestamptz,
        case when exists (select from sender_state where id = 'resend' and paused_until > ${now.toISOString()}::timestamptz) then 'unavailable'
          when exists (select from suppressions where email = ${email} and "all") then 'suppressed' end
      from (
        select count(*) as attempts, count(*) filter (where failure is distinct from 'unavailable') as codes from discord_link_codes
        where id <> ${requestId} and (user_id = ${userId} or email = ${email}) and created_at > ${before(60)}) lately
      where codes < ${mostInAnHour.codes} and attempts < ${mostInAnHour.attempts}
      on conflict (id) do update set failure = excluded.failure where discord_link_codes.used_at is null
      returning failure`),
  ])
  const [row] = made.rows
  if (!row) throw new AppError("rate_limited", "There were several codes already. Try again in an hour.")
  return row.failure !== "unavailable"
}
