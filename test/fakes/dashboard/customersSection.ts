import { html } from "hono/html"
import type { Parts } from "../control.ts"
import type { StripeObject } from "../stripe/json.ts"
import { currentPeriodEnd, isEnded, itemsOf, type StripeWorld } from "../stripe/world.ts"
import { button, money, text, when } from "./parts.ts"

export function customersSection({ world }: Parts) {
  const customers = world.all("customer").filter((each) => each.deleted !== true)
  return html`<section id="customers"><h2>Customers <small>${customers.length}</small></h2>
${customers.length === 0 ? html`<p class="empty">Nobody yet. Subscribe somebody above.</p>` : ""}
${customers
  .slice(-30)
  .reverse()
  .map((customer) => card(world, customer))}</section>`
}

function card(world: StripeWorld, customer: StripeObject) {
  const mine = (each: StripeObject) => each.customer === customer.id
  return html`<article><h3>${text(customer.name) || "No name"} <small>${text(customer.email) || "no e-mail"} · ${customer.id}</small></h3>
${world
  .all("subscription")
  .filter(mine)
  .map((each) => subscription(world, each))}
${world
  .all("invoice")
  .filter(mine)
  .slice(-4)
  .reverse()
  .map((each) => invoice(each))}
${world
  .all("charge")
  .filter(mine)
  .filter((each) => each.status === "succeeded")
  .slice(-2)
  .map((each) => charge(world, each))}
<div class="actions">${button("Delete customer", { action: "deleteCustomer", customer: customer.id }, "quiet")}</div></article>`
}

function subscription(world: StripeWorld, object: StripeObject) {
  const [item] = itemsOf(object)
  const product = world.get(text(Reflect.get(Object(item?.price), "product")))
  const id = { subscription: object.id }
  const scheduled = object.cancel_at_period_end === true
  const paused = object.pause_collection !== null
  return html`<div class="row"><div><strong>${text(product?.name)}</strong> <span class="badge ${text(object.status)}">${text(object.status)}</span>
${scheduled ? html`<span class="badge">ends ${when(currentPeriodEnd(object))}</span>` : ""}<small>until ${when(currentPeriodEnd(object))}</small></div>
${
  isEnded(object)
    ? ""
    : html`<div class="actions">
${button("Renew now", { action: "renew", card: "works", ...id })}
${button("Fail next payment", { action: "renew", card: "insufficient_funds", ...id })}
${button("Bank asks", { action: "renew", card: "authentication_required", ...id })}
${button("Change plan", { action: "changePlan", price: otherPrice(world, item), ...id })}
${paused ? button("Unpause", { action: "unpause", ...id }) : button("Pause", { action: "pause", ...id })}
${scheduled ? button("Keep", { action: "resume", ...id }) : button("Cancel at period end", { action: "cancelAtPeriodEnd", feedback: "too_expensive", comment: "Played on the dashboard", ...id })}
${button("Cancel now", { action: "cancel", ...id }, "danger")}</div>`
}</div>`
}

function otherPrice(world: StripeWorld, item: StripeObject | undefined): string {
  const price = Object(item?.price)
  const other = world
    .all("price")
    .find((each) => each.currency === Reflect.get(price, "currency") && each.product !== Reflect.get(price, "product"))
  return other?.id ?? ""
}

const invoice = (
  object: StripeObject,
) => html`<div class="row"><div>Invoice ${text(object.number) || object.id} <span class="badge ${text(object.status)}">${text(object.status)}</span>
<small>${money(object.amount_due, object.currency)}, ${Number(object.attempt_count)} attempts</small></div>
${object.status === "open" ? html`<div class="actions">${button("Pay with a working card", { action: "pay", card: "works", invoice: object.id }, "primary")}</div>` : ""}</div>`

function charge(world: StripeWorld, object: StripeObject) {
  const dispute = world.all("dispute").find((each) => each.charge === object.id)
  const open = dispute && dispute.status !== "won" && dispute.status !== "lost"
  return html`<div class="row"><div>Payment ${money(object.amount, object.currency)}
${object.refunded === true ? html`<span class="badge">refunded</span>` : ""}${dispute ? html`<span class="badge past_due">dispute ${text(dispute.status)}</span>` : ""}</div>
<div class="actions">${object.refunded === true ? "" : button("Refund", { action: "refund", charge: object.id })}
${dispute ? "" : button("Dispute", { action: "dispute", charge: object.id })}
${open ? html`${button("Won", { action: "closeDispute", outcome: "won", dispute: dispute.id })}${button("Lost", { action: "closeDispute", outcome: "lost", dispute: dispute.id })}` : ""}</div></div>`
}
