import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { senderOf } from "../../email/frozenMessage.ts"
import { AppError } from "../../errors.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import type { SecretBox } from "../../staff/own/secretBox.ts"
import { randomDigits } from "../../staff/tokens.ts"
import type { ResendApi } from "../../vendors/resend.ts"

export const linkMinutes = 15
/** Codes that a Discord account, or an address, gets in an hour. */
const mostInAnHour = 3
const digits = 8

/**
 * Mails a code to the address, where it is a customer's, for whoever in Discord says that it is theirs: what they say alone
 * links nothing. The answer is the same for every address. Throws `rate_limited` after three in an hour.
 */
export async function requestLinkCode(
  ctx: Context<{ resend: ResendApi }>,
  input: { requestId: string; userId: string; userName: string; email: string; box: SecretBox },
): Promise<void> {
  const { requestId, userId, userName, box } = input
  const email = input.email.trim().toLowerCase()
  if (email.length > 254 || !/^[^\s\p{C}@<>,;"]+@[^\s\p{C}@<>,;"]+$/u.test(email))
    throw new AppError("bad_request", "This is no e-mail address.")
  const code = randomDigits(digits)
  const now = ctx.now()
  const before = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString()
  const [settingRows, , made] = await ctx.db.batch([
    selectSettings(ctx.db),
    ctx.db.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(${userId}, 6)), pg_advisory_xact_lock(hashtextextended(${email}, 7))`,
    ),
    ctx.db.execute<{ customer_id: string | null }>(sql`
      insert into discord_link_codes (id, user_id, user_name, email, customer_id, code_hash, created_at, expires_at)
      select ${requestId}, ${userId}, ${userName}, ${email}, (
          select id from customers where lower(email) = ${email} and deleted_at is null and merged_into is null
          order by stripe_id is null, created_at, id limit 1),
        ${await box.mac("discord link", `${requestId}:${code}`)}, ${now.toISOString()}::timestamptz, ${before(-linkMinutes)}::timestamptz
      where (select count(*) from discord_link_codes where id <> ${requestId} and (user_id = ${userId} or email = ${email}) and created_at > ${before(60)}) < ${mostInAnHour}
      -- Whoever died before the mail begins anew.
      on conflict (id) do update set code_hash = excluded.code_hash where discord_link_codes.used_at is null
      returning customer_id`),
  ])
  const [row] = made.rows
  if (!row) throw new AppError("rate_limited", "There were several codes already. Try again in an hour.")
  if (row.customer_id === null) return
  const { brand } = parseSettings(settingRows)
  const shown = `${code.slice(0, 4)} ${code.slice(4)}`
  const lines = [
    `Your code to link your Discord account to ${brand.name}:`,
    shown,
    `It holds for ${linkMinutes} minutes. If that was not you, do nothing: without the code nothing is linked.`,
  ]
  const result = await ctx.vendors.resend.send(
    [
      {
        ...senderOf(brand),
        to: email,
        subject: `Your code for ${brand.name} on Discord`,
        text: `${lines.join("\n\n")}\n`,
        html: lines.map((line) => `<p>${line.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</p>`).join(""),
        headers: { "X-Entity-Ref-ID": requestId },
        tags: [{ name: "discord_link", value: "code" }],
      },
    ],
    `discord-link-${requestId}`,
  )
  if (result.kind !== "accepted") ctx.log.error("link code not mailed", { result: result.kind })
}
