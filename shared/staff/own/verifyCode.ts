import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { hashOfToken } from "../tokens.ts"
import { mostIn15Minutes } from "./requestCode.ts"
import type { SecretBox } from "./secretBox.ts"

export type CodeOutcome = { staffId: string; needsSecond: boolean } | null

/**
 * Whose code it is, or null: wrong, too old, used, of another browser, or too many wrong answers for the address, from
 * whoever asked for it, in the last 15 minutes. Every answer counts, in one statement, so that many at once are counted too.
 */
export async function verifyCode(
  ctx: Context,
  input: { token: string; code: string; box: SecretBox },
): Promise<CodeOutcome> {
  const tokenHash = await hashOfToken(input.token)
  const mac = await input.box.mac("code", `${tokenHash}:${input.code.replaceAll(/\s/g, "")}`)
  const now = ctx.now()
  const at = now.toISOString()
  const answered = await ctx.db.execute<{ right: boolean; staff_id: string | null; needs_second: boolean | null }>(sql`
    update staff_codes c set attempts = attempts + 1, used_at = case when code_hash = ${mac} then ${at}::timestamptz end
    where token_hash = ${tokenHash} and used_at is null and expires_at > ${at} and attempts < ${mostIn15Minutes}
      and (select coalesce(sum(o.attempts), 0) from staff_codes o where o.email = c.email and o.client = c.client and o.used_at is null
        and o.created_at > ${new Date(now.getTime() - 15 * 60_000).toISOString()}) < ${mostIn15Minutes}
    returning code_hash = ${mac} as right, staff_id,
      (select totp_secret is not null from staff s where s.id = c.staff_id and s.disabled_at is null) as needs_second`)
  const [row] = answered.rows
  if (!row?.right || row.staff_id === null || row.needs_second === null) return null
  return { staffId: row.staff_id, needsSecond: row.needs_second }
}
