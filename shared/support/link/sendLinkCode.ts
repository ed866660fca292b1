import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { senderOf } from "../../email/frozenMessage.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import type { SecretBox } from "../../staff/own/secretBox.ts"
import type { ResendApi } from "../../vendors/resend.ts"
import { linkCode, linkMinutes } from "./linkCode.ts"
import { loseLinkCodes } from "./loseLinkCodes.ts"
import { mailLinkCode } from "./mailLinkCode.ts"

/** Mails the code of a request to its address, where that is a customer's; staff are told where it does not go out. */
export async function sendLinkCode(
  ctx: Context<{ resend: ResendApi }>,
  { requestId, box }: { requestId: string; box: SecretBox },
): Promise<void> {
  const [settingRows, asked] = await ctx.db.batch([
    selectSettings(ctx.db),
    ctx.db.execute<{ email: string }>(sql`
      select email from discord_link_codes
      where id = ${requestId} and customer_id is not null and failure is null and used_at is null and expires_at > ${ctx.now().toISOString()}`),
  ])
  const [row] = asked.rows
  if (!row) return
  const { brand } = parseSettings(settingRows)
  const code = await linkCode(box, requestId)
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
      to: row.email,
      subject: `Your code for ${brand.name} on Discord`,
      text: `${lines.join("\n\n")}\n`,
      html: lines.map((line) => `<p>${line.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</p>`).join(""),
      headers: { "X-Entity-Ref-ID": requestId },
      tags: [{ name: "discord_link", value: requestId }],
    },
  })
  if (failure) await ctx.db.execute(loseLinkCodes([{ id: requestId, failure }], ctx.now()))
}
