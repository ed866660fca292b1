import { html } from "hono/html"
import type { Charge } from "../stripe/wire.ts"
import type { StripeWorld } from "../stripe/world.ts"
import { badge, button } from "./controls.ts"
import { money } from "./format.ts"

export function chargeRow(world: StripeWorld, object: Charge) {
  const dispute = world.account.store.ownedBy(object.id, "dispute").at(-1)
  const undecided = dispute && dispute.status !== "won" && dispute.status !== "lost"
  return html`<div class="row" id="p-${object.id}"><div class="what"><span>Payment</span> <span class="amount">${money(object.amount, object.currency)}</span>
${object.refunded ? badge("refunded") : badge("succeeded")} ${dispute ? badge(dispute.status, `dispute ${dispute.status.replaceAll("_", " ")}`) : ""}</div>
<div class="actions">${object.refunded || object.disputed ? "" : button("Refund", { action: "refund", charge: object.id })}
${dispute || object.refunded ? "" : button("Dispute", { action: "dispute", charge: object.id })}
${undecided ? html`${button("Dispute won", { action: "closeDispute", outcome: "won", dispute: dispute.id })}${button("Dispute lost", { action: "closeDispute", outcome: "lost", dispute: dispute.id })}` : ""}</div></div>`
}
