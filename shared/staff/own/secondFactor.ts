import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { hashOfToken } from "../tokens.ts"
import { codeMinutes, mostIn15Minutes } from "./requestCode.ts"
import type { SecretBox } from "./secretBox.ts"
import { totpStep } from "./totp.ts"

/**
 * Who signs in, by a code of their authenticator app or one of their recovery codes, after the mailed code in the same
 * browser; null where it is wrong, used before, too late, or the third answer of theirs in a quarter of an hour was wrong.
 */
export async function secondFactor(
  ctx: Context,
  input: { token: string; code: string; box: SecretBox },
): Promise<string | null> {
  const { box, code } = input
  const now = ctx.now()
  const tokenHash = await hashOfToken(input.token)
  const before = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString()
  const [, counted] = await ctx.db.batch([
    // Answers of one person are counted one after the other, whatever browsers they come from.
    ctx.db.execute(sql`
      select pg_advisory_xact_lock(hashtextextended(staff_id::text, 4)) from staff_codes where token_hash = ${tokenHash}`),
    ctx.db.execute<{ staff_id: string; totp_secret: string }>(sql`
      update staff_codes c set second_attempts = second_attempts + 1 from staff s
      where s.id = c.staff_id and s.disabled_at is null and s.totp_secret is not null
        and c.token_hash = ${tokenHash} and c.used_at > ${before(codeMinutes)} and c.second_at is null
        and (select coalesce(sum(o.second_attempts - (o.second_at is not null)::integer), 0) from staff_codes o
          where o.staff_id = c.staff_id and o.created_at > ${before(15)}) < ${mostIn15Minutes}
      returning c.staff_id, s.totp_secret`),
  ])
  const [flow] = counted.rows
  if (!flow) return null
  const secret = await box.open(flow.totp_secret, flow.staff_id)
  const step = secret === null ? null : totpStep(secret, code, now)
  const recovery = await box.mac("recovery", `${flow.staff_id}:${normalRecoveryCode(code)}`)
  const passed = await ctx.db.execute(sql`
    with by_app as (
      update staff set totp_last_step = ${step}::bigint
      where id = ${flow.staff_id} and coalesce(totp_last_step, 0) < ${step}::bigint returning id),
    by_recovery as (
      update staff_recovery_codes set used_at = ${now.toISOString()}
      where staff_id = ${flow.staff_id} and code_hash = ${recovery} and used_at is null returning staff_id)
    update staff_codes set second_at = ${now.toISOString()}
    where token_hash = ${tokenHash} and second_at is null and (exists (select from by_app) or exists (select from by_recovery))`)
  return passed.rowCount > 0 ? flow.staff_id : null
}

export const normalRecoveryCode = (code: string): string => code.toLowerCase().replaceAll(/[^0-9a-z]/g, "")
