import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { senderOf } from "../../email/frozenMessage.ts"
import { AppError } from "../../errors.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import type { SecretBox } from "../../staff/own/secretBox.ts"
import type { ResendApi } from "../../vendors/resend.ts"
import { loseLinkCodes } from "./loseLinkCodes.ts"
import { mailLinkCode } from "./mailLinkCode.ts"

export const linkMinutes = 15
/** Codes that a Discord account, or an address, gets in an hour, and how often it may ask while no mail goes out. */
const mostInAnHour = { codes: 3, attempts: 10 }
const digits = 8

/**
 * Mails a code to the address, where it is a customer's, for whoever in Discord says that it is theirs: what they say alone
 * links nothing. False while no mail goes out at all, which does not count. All else is the same for every address: whose
 * mail fails must not tell who is a customer. Throws `rate_limited` after three in an hour.
 */
export async function requestLinkCode(
  ctx: Context<{ resend: ResendApi }>,
  input: { requestId: string; userId: string; userName: string; email: string; box: SecretBox },
): Promise<boolean> {
  const { requestId, userId, userName, box } = input
  const email = input.email.trim().toLowerCase()
  if (email.length > 254 || !/^[^\s\p{C}@<>,;"]+@[^\s\p{C}@<>,;"]+$/u.test(email))
    throw new AppError("bad_request", "This is no e-mail address.")
  // Asked for once more after a death it is the same code, and so the same mail.
  const code = digitsOf(await box.mac("discord link code", requestId))
  const now = ctx.now()
  const before = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString()
  const [settingRows, , made] = await ctx.db.batch([
    selectSettings(ctx.db),
    ctx.db.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(${userId}, 6)), pg_advisory_xact_lock(hashtextextended(${email}, 7))`,
    ),
    ctx.db.execute<{ customer_id: string | null; failure: string | null }>(sql`
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
      returning customer_id, failure`),
  ])
  const [row] = made.rows
  if (!row) throw new AppError("rate_limited", "There were several codes already. Try again in an hour.")
  if (row.failure === "unavailable") return false
  if (row.customer_id === null || row.failure !== null) return true
  const { brand } = parseSettings(settingRows)
  const shown = `${code.slice(0, 4)} ${code.slice(4)}`
  const lines = [
    `Your code to link your Discord account to ${brand.name}:`,
    shown,
    `It holds for ${linkMinutes} minutes. If that was not you, do nothing: without the code nothing is linked.`,
  ]
  const failure = await mailLinkCode(ctx, {
    key: `discord-link-${requestId}`,
    message: {
      ...senderOf(brand),
      to: email,
      subject: `Your code for ${brand.name} on Discord`,
      text: `${lines.join("\n\n")}\n`,
      html: lines.map((line) => `<p>${line.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</p>`).join(""),
      headers: { "X-Entity-Ref-ID": requestId },
      tags: [{ name: "discord_link", value: requestId }],
    },
  })
  if (failure) await ctx.db.execute(loseLinkCodes([{ id: requestId, failure }], now))
  return true
}

const digitsOf = (mac: string): string =>
  String(BigInt(`0x${mac.slice(0, 24)}`) % 10n ** BigInt(digits)).padStart(digits, "0")
