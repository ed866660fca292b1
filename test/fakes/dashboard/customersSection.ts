import { html } from "hono/html"
import type { Parts } from "../parts.ts"
import type { Customer } from "../stripe/wire.ts"
import type { StripeWorld } from "../stripe/world.ts"
import { chargeRow } from "./chargeRow.ts"
import { cardChoices, priceChoices } from "./choices.ts"
import { badge, button, chooser } from "./controls.ts"
import { invoiceRow } from "./invoiceRow.ts"
import { subscriptionRow } from "./subscriptionRow.ts"

const shown = 25

export function customersSection({ world }: Parts, search: string) {
  const all = world.all("customer")
  const wanted = all.filter((each) => `${each.name} ${each.email} ${each.id}`.toLowerCase().includes(search)).reverse()
  return html`<section id="customers" aria-labelledby="customers-title"><h2 id="customers-title">Customers <small>${all.length}</small></h2>
${
  all.length > 5 || search
    ? html`<form method="get" action="/" class="search" role="search"><input type="search" name="q" value="${search}" placeholder="Name, e-mail or id" aria-label="Find a customer"><button>Find</button></form>`
    : ""
}
${wanted.length === 0 ? html`<p class="empty">${search ? "Nobody of that name." : "Nobody yet. Subscribe somebody above."}</p>` : ""}
<div data-list>${wanted.slice(0, shown).map((customer) => customerCard(world, customer))}</div>
${wanted.length > shown ? html`<p class="empty">and ${wanted.length - shown} more</p>` : ""}</section>`
}

function customerCard(world: StripeWorld, customer: Customer) {
  const { store } = world.account
  const card = world.cardOf(customer.id)
  const subscriptions = store.ownedBy(customer.id, "subscription")
  const invoices = store.ownedBy(customer.id, "invoice").slice(-4).reverse()
  const charges = store.ownedBy(customer.id, "charge").filter(({ status }) => status === "succeeded")
  return html`<article id="c-${customer.id}"><header><h3>${customer.name || "No name"}</h3>
<p><span>${customer.email ?? "no e-mail"}</span> <span>${customer.address?.country ?? ""}</span> <code>${customer.id}</code></p></header>
${subscriptions.map((each) => subscriptionRow(world, each))}
${invoices.map((each) => invoiceRow(each))}
${charges.slice(-2).map((each) => chargeRow(world, each))}
<div class="row"><div class="what"><span>Card</span> ${card === undefined ? badge("none", "no card") : badge(card === "works" ? "active" : "failed", card.replaceAll("_", " "))}</div>
<details id="more-${customer.id}"><summary>Card, plans, removal</summary><div class="actions">
${chooser({ label: "What the bank says", name: "card", choices: cardChoices, chosen: card ?? "works", button: "Set bank's answer", fields: { action: "card", customer: customer.id } })}
${button("Require authentication", { action: "card", customer: customer.id, card: "authentication_required" })}
${button("Expire card", { action: "expireCard", customer: customer.id })}
${button("Enter a new card", { action: "replaceCard", customer: customer.id, card: "works" })}
${chooser({ label: "Plan", name: "price", choices: priceChoices(world, customer.currency ?? undefined), button: "Add subscription", fields: { action: "subscribe", customer: customer.id, card: card ?? "works" } })}
${button("Delete customer", { action: "deleteCustomer", customer: customer.id }, "danger")}</div></details></div></article>`
}
