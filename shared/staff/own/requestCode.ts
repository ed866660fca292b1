import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { senderOf } from "../../email/frozenMessage.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import type { ResendApi } from "../../vendors/resend.ts"
import { hashOfToken, newToken, randomDigits } from "../tokens.ts"
import type { SecretBox } from "./secretBox.ts"

export const codeMinutes = 5
/** Codes for an address, and wrong answers about it, that one client gets in a quarter of an hour. */
export const mostIn15Minutes = 3
/** Codes of a client for whatever addresses, and of an address for whatever clients, in a quarter of an hour. */
const mostOfClient = 10
const mostOfAddress = 20
const digits = 8

/**
 * Makes a code for signing in and has it mailed, where the address is on the staff. The answer, and what it takes, is
 * the same for every address: `token` binds the code to the browser that asked, `mail` sends it and is not to be waited
 * for. Beyond three codes in 15 minutes there is none; `client` is who asks, as the network tells, so that strangers use
 * up their own.
 */
export async function requestCode(
  ctx: Context<{ resend: ResendApi }>,
  input: { email: string; client: string; box: SecretBox },
): Promise<{ token: string; mail: () => Promise<void> }> {
  const email = input.email.trim().toLowerCase().slice(0, 254)
  const token = newToken()
  const tokenHash = await hashOfToken(token)
  const code = randomDigits(digits)
  const client = await input.box.mac("client", input.client)
  const now = ctx.now()
  const before = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString()
  const [, made, settingRows] = await ctx.db.batch([
    // In one order, so that nobody waits for each other in a ring: the client's lock first.
    ctx.db.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(${client}, 3)), pg_advisory_xact_lock(hashtextextended(${email}, 2))`,
    ),
    ctx.db.execute<{ staff_id: string | null; name: string | null }>(sql`
      with old as (delete from staff_codes where created_at < ${before(24 * 60)}),
      who as (select id, name from staff where email = ${email} and disabled_at is null)
      insert into staff_codes (token_hash, email, client, staff_id, code_hash, created_at, expires_at)
      select ${tokenHash}, ${email}, ${client}, (select id from who), ${await input.box.mac("code", `${tokenHash}:${code}`)},
        ${now.toISOString()}::timestamptz, ${before(-codeMinutes)}::timestamptz
      from (
        select count(*) filter (where email = ${email} and client = ${client}) as mine, count(*) filter (where email = ${email}) as of_address,
          count(*) filter (where client = ${client}) as of_client
        from staff_codes where (email = ${email} or client = ${client}) and created_at > ${before(15)}) as lately
      where mine < ${mostIn15Minutes} and of_address < ${mostOfAddress} and of_client < ${mostOfClient}
      returning staff_id, (select name from who) as name`),
    selectSettings(ctx.db),
  ])
  const [row] = made.rows
  const { brand } = parseSettings(settingRows)
  return {
    token,
    async mail() {
      if (!row?.staff_id) return
      const shown = `${code.slice(0, 4)} ${code.slice(4)}`
      const text = `Your code to sign in to Ops HQ: ${shown}\n\nIt holds for ${codeMinutes} minutes, in the browser that asked for it. If that was not you, do nothing.\n`
      const message = {
        ...senderOf(brand),
        to: email,
        subject: "Your code to sign in to Ops HQ",
        text,
        html: `<p>Your code to sign in to Ops HQ:</p><p style="font-size: 24px"><b>${shown}</b></p><p>It holds for ${codeMinutes} minutes, in the browser that asked for it. If that was not you, do nothing.</p>`,
        headers: { "X-Entity-Ref-ID": tokenHash.slice(0, 32) },
        tags: [{ name: "sign_in", value: "code" }],
      }
      const result = await ctx.vendors.resend.send([message], `sign-in-${tokenHash}`)
      if (result.kind !== "accepted")
        ctx.log.error("sign-in code not mailed", { staff: row.staff_id, result: result.kind })
    },
  }
}
