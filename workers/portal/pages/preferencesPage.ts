import { html } from "hono/html"
import type { MailPreference } from "../../../shared/email/unsubscribe.ts"
import { portalPage } from "./portalPage.ts"

interface Input {
  email: string
  brand: { name: string; supportUrl: string }
  preference: MailPreference
  /** The visitor has just changed something. */
  saved: boolean
  action: string
}

/** What the address gets, and the button that changes it. A GET changes nothing: link scanners follow every link. */
export function preferencesPage({ email, brand, preference, saved, action }: Input) {
  const about = html`<p class="address">${email}</p>`
  switch (preference.gets) {
    case "all":
      return portalPage(
        saved ? "You are subscribed again" : "Unsubscribe from tips and offers?",
        html`${about}<p>${saved ? "Tips and offers will come again." : `You will get no more tips and offers from ${brand.name}.`}
Messages about your subscription, such as receipts and failed payments, come either way.</p>
${button(action, "no", "Unsubscribe")}`,
      )
    case "transactional":
      return portalPage(
        "You are unsubscribed",
        html`${about}<p>${brand.name} sends you no tips or offers${saved ? " from now on" : ""}.
Messages about your subscription, such as receipts and failed payments, still come: they are part of the service.</p>
${button(action, "yes", "Subscribe again")}`,
      )
    case "nothing":
      return portalPage(
        `You get no mail from ${brand.name}`,
        html`${about}<p>${reasons[preference.because] ?? reasons.manual}</p>
<p>If that is not what you want, <a href="${brand.supportUrl}">write to our support</a>.</p>`,
      )
  }
}

const reasons: Record<string, string> = {
  bounce: "Mail to this address came back to us, so we stopped sending to it.",
  vendor: "Mail to this address was refused on its way, so we stopped sending to it.",
  complaint: "A mail of ours was marked as spam at this address, so we stopped sending to it.",
  manual: "We have stopped sending mail to this address.",
}

const button = (action: string, want: "yes" | "no", label: string) =>
  html`<form method="post" action="${action}"><input type="hidden" name="want" value="${want}"><button>${label}</button></form>`

export const brokenLinkPage = () =>
  portalPage(
    "This link does not work",
    html`<p>It may have been cut off by your mail program. Please copy the whole link from the mail.</p>`,
  )
