import type { Context } from "../../context.ts"
import { senderOf } from "../../email/frozenMessage.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import type { ResendApi } from "../../vendors/resend.ts"

/**
 * Tells whoever is signed in, at their address, that the way they sign in has changed, so that a stranger at their
 * browser is noticed. The change stands whether or not the mail goes out.
 */
export async function mailSignInChange(ctx: Context<{ resend: ResendApi }>, what: string): Promise<void> {
  const { actor } = ctx
  if (actor.kind !== "staff") return
  const { brand } = parseSettings(await selectSettings(ctx.db))
  const lines = [
    `${what} It was done while signed in as ${actor.email}.`,
    "If that was not you: sign out everywhere on your account page, and ask an owner to reset how you sign in.",
  ]
  const id = crypto.randomUUID()
  const result = await ctx.vendors.resend.send(
    [
      {
        ...senderOf(brand),
        to: actor.email,
        subject: "How you sign in to Ops HQ has changed",
        text: `${lines.join("\n\n")}\n`,
        html: lines.map((line) => `<p>${line.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</p>`).join(""),
        headers: { "X-Entity-Ref-ID": id },
        tags: [{ name: "sign_in", value: "changed" }],
      },
    ],
    `sign-in-changed-${id}`,
  )
  if (result.kind !== "accepted")
    ctx.log.error("change of sign-in not mailed", { staff: actor.id, result: result.kind })
}
