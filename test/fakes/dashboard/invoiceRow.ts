import { html } from "hono/html"
import type { Invoice } from "../stripe/wire.ts"
import { badge, button } from "./controls.ts"
import { dayOf, money } from "./format.ts"

export const invoiceRow = (
  object: Invoice,
) => html`<div class="row" id="i-${object.id}"><div class="what"><span>Invoice</span> <code>${object.number ?? "draft"}</code>
<span class="amount">${money(object.amount_due, object.currency)}</span> ${badge(object.status ?? "draft")}
${object.attempt_count > 0 && object.status === "open" ? html`<span class="label">${object.attempt_count} failed, ${object.next_payment_attempt ? `again ${dayOf(object.next_payment_attempt)}` : "not tried again"}</span>` : ""}</div>
${object.status === "open" ? html`<div class="actions">${button("Pay now", { action: "pay", card: "works", invoice: object.id }, "primary")}${button("Try the card again", { action: "pay", invoice: object.id })}</div>` : ""}</div>`
