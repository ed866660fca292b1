import { html } from "hono/html"
import type { Parts } from "../control.ts"
import { button, money, text, when } from "./parts.ts"

export const cardChoices: [string, string][] = [
  ["works", "works"],
  ["insufficient_funds", "declined: insufficient funds"],
  ["expired_card", "declined: expired"],
  ["generic_decline", "declined"],
  ["authentication_required", "bank asks for authentication"],
]

export function playSection({ world }: Parts) {
  const names = new Map(world.all("product").map((product) => [product.id, text(product.name)]))
  const prices = world.all("price").map((price) => {
    const interval = text(Reflect.get(Object(price.recurring), "interval"))
    return {
      id: price.id,
      label: `${names.get(text(price.product))} · ${money(price.unit_amount, price.currency)} / ${interval}`,
    }
  })
  return html`<section id="play"><h2>Play a customer</h2>
<form method="post" action="/_/act" class="grid"><input type="hidden" name="action" value="subscribe">
<label>Name <input name="name" value="Ada Example" autocomplete="off"></label>
<label>E-mail <input name="email" type="email" value="ada@example.com" autocomplete="off"></label>
<label>Country <input name="country" value="DE" maxlength="2" autocomplete="off"></label>
<label>Plan <select name="price">${prices.map(({ id, label }) => html`<option value="${id}">${label}</option>`)}</select></label>
<label>Trial days <input name="trialDays" type="number" value="0" min="0" max="90"></label>
<label>Card <select name="card">${cardChoices.map(([value, label]) => html`<option value="${value}">${label}</option>`)}<option value="none">none</option></select></label>
<button class="primary">Subscribe</button></form>
<div class="clock"><span>Stripe's clock <strong>${when(world.now())} UTC</strong></span>
${(
  [
    ["+1 hour", 1],
    ["+1 day", 24],
    ["+3 days", 72],
    ["+1 month", 24 * 31],
  ] as const
).map(([label, hours]) => button(label, { action: "advanceClock", hours: String(hours) }))}</div>
</section>`
}
