import { html } from "hono/html"
import type { Parts } from "../control.ts"
import { button } from "./parts.ts"

export function webhooksSection({ events, mailbox }: Parts) {
  const payloads = new Map(events.events.slice(-60).map((event) => [event.id, event]))
  const stripe = events.deliveries.slice(-60).map((each) => ({
    ...each,
    id: each.eventId,
    vendor: "Stripe",
    body: JSON.stringify(payloads.get(each.eventId), null, 2),
  }))
  const resend = mailbox.deliveries
    .slice(-30)
    .map((each) => ({ ...each, vendor: "Resend", body: JSON.stringify(JSON.parse(each.body), null, 2) }))
  const total = events.deliveries.length + mailbox.deliveries.length
  return html`<section id="webhooks"><h2>Webhooks <small>${total}</small></h2>
${[...stripe.reverse(), ...resend.reverse()].map(
  (
    each,
  ) => html`<details id="hook-${each.id}"><summary>${each.type} <small>${each.vendor} · ${each.attempts} attempts <span class="badge ${each.status}">${each.status}</span></small></summary>
<p><small>${each.id} · ${each.lastAnswer}</small></p><div class="actions">${button("Send again", { action: "resendWebhook", id: each.id })}</div><pre>${each.body}</pre></details>`,
)}</section>`
}
