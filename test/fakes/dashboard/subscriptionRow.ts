import { html } from "hono/html"
import { currentPeriodEnd, isEnded } from "../stripe/subscriptionFacts.ts"
import type { Subscription } from "../stripe/wire.ts"
import type { StripeWorld } from "../stripe/world.ts"
import { priceChoices } from "./choices.ts"
import { badge, button, chooser } from "./controls.ts"
import { dayOf, money } from "./format.ts"

export function subscriptionRow(world: StripeWorld, object: Subscription) {
  const [item] = object.items.data
  const product = world.account.store.get("product", item?.price.product)
  const until = dayOf(currentPeriodEnd(object))
  const verb = object.cancel_at_period_end ? "ends" : object.status === "trialing" ? "trial until" : "until"
  return html`<div class="row" id="s-${object.id}"><div class="what"><strong>${product?.name ?? "Subscription"}</strong>
<span class="amount">${money(item?.price.unit_amount ?? null, object.currency)} / ${item?.price.recurring?.interval}</span>
${badge(object.status)} ${object.pause_collection ? badge("paused", "collection paused") : ""} ${object.discounts.length > 0 ? badge("discount") : ""}
${isEnded(object) ? "" : html`<span class="label">${verb} ${until}</span>`}</div>
${isEnded(object) ? "" : subscriptionActions(world, object)}</div>`
}

function subscriptionActions(world: StripeWorld, object: Subscription) {
  const of = { subscription: object.id }
  const wakes = object.cancel_at_period_end || object.status === "paused"
  return html`<div class="actions">
${button("Renew now", { action: "renew", ...of })}
${button("Fail next payment", { action: "card", customer: object.customer, card: "insufficient_funds" })}
${wakes ? button("Resume", { action: "resume", ...of }, "primary") : button("Cancel at period end", { action: "cancelAtPeriodEnd", feedback: "too_expensive", ...of })}
${object.pause_collection ? button("Go on collecting", { action: "unpause", ...of }) : button("Pause collection", { action: "pause", ...of })}
${chooser({ label: "Another plan", name: "price", choices: priceChoices(world, object.currency), chosen: object.items.data[0]?.price.id ?? "", button: "Change plan", fields: { action: "changePlan", ...of } })}
${button("Cancel now", { action: "cancel", ...of }, "danger")}</div>`
}
