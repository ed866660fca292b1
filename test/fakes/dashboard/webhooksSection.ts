import { html } from "hono/html"
import type { Parts } from "../parts.ts"
import type { Delivery } from "../webhooks/webhookSender.ts"
import { badge, button } from "./controls.ts"

const shown = 60

export function webhooksSection({ world, mailbox }: Parts) {
  const stripe = world.log.deliveries
  const resend = mailbox.deliveries
  const all = [...stripe, ...resend]
  const open = all.filter(({ status }) => status === "failed" || status === "withheld").length
  return html`<section id="webhooks" aria-labelledby="webhooks-title"><h2 id="webhooks-title">Webhooks <small>${all.length}</small></h2>
${open > 0 ? html`<div class="row"><div class="what">${badge("failed", `${open} not delivered`)}</div><div class="actions">${button("Send them now", { action: "resendUndelivered" })}</div></div>` : ""}
${all.length === 0 ? html`<p class="empty">None yet.</p>` : ""}
<h3>Stripe <small>${stripe.length}</small></h3><div data-list>${stripe.slice(-shown).reverse().map(webhookItem)}</div>
<h3>Resend <small>${resend.length}</small></h3><div data-list>${resend.slice(-shown).reverse().map(webhookItem)}</div></section>`
}

function webhookItem(delivery: Delivery) {
  const last = delivery.attempts.at(-1)
  return html`<details class="item" id="w-${delivery.id}"><summary><span class="title mono">${delivery.type}</span>
<span class="meta">${delivery.attempts.length === 1 ? "1 attempt" : `${delivery.attempts.length} attempts`}${last ? ` · ${last.status ?? "no answer"} in ${last.milliseconds} ms` : ""}</span> ${badge(delivery.status)}</summary>
<div class="body"><div class="actions">${button("Send again", { action: "resendWebhook", id: delivery.id })}<a href="/webhook/${delivery.id}">Payload</a> <code>${delivery.id}</code></div>
${delivery.attempts.slice(-4).map((attempt) => html`<p class="attempt"><span>${attempt.at.slice(11, 23)}</span> ${badge(attempt.status !== null && attempt.status < 300 ? "delivered" : "failed", String(attempt.status ?? "no answer"))} <span>${attempt.answer}</span></p>`)}
<pre data-src="/webhook/${delivery.id}"></pre></div></details>`
}
