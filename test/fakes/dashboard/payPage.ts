import { html } from "hono/html"
import type { Invoice } from "../stripe/wire.ts"
import { badge, button } from "./controls.ts"
import { money } from "./format.ts"
import { document } from "./page.ts"

/** Where `hosted_invoice_url` leads: the customer pays an invoice. */
export const payPage = (invoice: Invoice) =>
  document(
    "Pay an invoice",
    html`<main class="narrow"><section><h2>Invoice ${invoice.number ?? ""}</h2>
<p class="total">${money(invoice.amount_due, invoice.currency)}</p><p>${badge(invoice.status ?? "draft")} <span class="label">${invoice.customer_email ?? ""}</span></p>
${
  invoice.status === "open"
    ? html`<div class="actions">${button("Pay with a working card", { action: "pay", invoice: invoice.id, card: "works" }, "primary")}
${button("Pay with a card without funds", { action: "pay", invoice: invoice.id, card: "insufficient_funds" })}</div>`
    : ""
}<p><a href="/">Back to the stand-ins</a></p></section></main>`,
  )
