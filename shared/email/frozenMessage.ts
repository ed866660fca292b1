import type { FrozenMessage } from "../db/schema/email.ts"
import { AppError } from "../errors.ts"
import type { Settings } from "../settings/settings.ts"
import type { Renderer } from "./createRenderer.ts"
import type { LoadedEmail } from "./loadEmailCases.ts"
import { mailVariables } from "./mailVariables.ts"
import type { LinkSigner } from "./unsubscribeToken.ts"

export interface SenderConfig {
  portalUrl: string
  signer: LinkSigner
}

/** A mail as Resend takes it. Throws `bad_request` where the template does not render for this customer. */
export async function frozenMessage(
  { claimed, case: about, source }: LoadedEmail,
  { renderer, brand, config }: { renderer: Renderer; brand: Settings["brand"]; config: SenderConfig },
): Promise<FrozenMessage> {
  const { customer } = about
  if (!customer?.email || !source) throw new AppError("internal", `Mail ${claimed.id} has no address or no template.`)
  const token = await config.signer.sign(customer.email)
  const links = {
    unsubscribe: `${config.portalUrl}/unsubscribe/${token}`,
    preferences: `${config.portalUrl}/preferences/${token}`,
  }
  const { subject, html, text } = renderer.render(
    source,
    mailVariables({ ...about, customer, brand, links }),
    about.timeZone,
  )
  const oneClick: Record<string, string> =
    claimed.mailClass === "marketing"
      ? { "List-Unsubscribe": `<${links.unsubscribe}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" }
      : {}
  return {
    ...senderOf(brand),
    to: customer.email,
    subject: storable(subject),
    html: storable(html),
    text: storable(text),
    headers: { "X-Entity-Ref-ID": claimed.id, ...oneClick },
    tags: [
      { name: "outbox_id", value: claimed.id },
      { name: "template", value: claimed.templateId.replace(/[^\w-]/g, "_").slice(0, 256) || "none" },
    ],
  }
}

export const senderOf = (brand: Settings["brand"]) => ({
  from: `${displayName(brand.fromName)} <${brand.fromEmail}>`,
  reply_to: brand.replyTo,
})

const displayName = (name: string) => `"${name.replace(/["\\<>\p{Cc}]/gu, "")}"`

/** Without what jsonb refuses, so that what is sent is what is stored. */
const storable = (text: string) => text.replaceAll("\0", "").toWellFormed()
