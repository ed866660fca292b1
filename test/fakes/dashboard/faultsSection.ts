import { html } from "hono/html"
import type { Parts } from "../control.ts"
import { button } from "./parts.ts"

const kinds = [
  ["latency", "Slow answers"],
  ["timeoutAfterAcceptance", "Done, but no answer"],
  ["tooManyRequests", "429"],
  ["serverError", "500"],
  ["droppedConnection", "Dropped connection"],
] as const

export function faultsSection({ faults }: Parts) {
  return html`<section id="faults"><h2>Faults</h2>
${(["stripe", "resend"] as const).map((vendor) => {
  const { settings, webhooks } = faults[vendor]
  return html`<form method="post" action="/_/act" class="grid"><input type="hidden" name="action" value="faults"><input type="hidden" name="vendor" value="${vendor}">
<h3>${vendor === "stripe" ? "Stripe" : "Resend"} <small>probabilities from 0 to 1</small></h3>
${kinds.map(([name, label]) => html`<label>${label} <input name="${name}" type="number" min="0" max="1" step="0.05" value="${settings.rates[name]}"></label>`)}
<label>Webhooks twice <input name="duplicate" type="number" min="0" max="1" step="0.05" value="${webhooks.duplicate}"></label>
<label>Webhooks shuffled by <input name="reorder" type="number" min="0" max="1000" value="${webhooks.reorder}"></label>
<label>Webhooks <select name="webhooks"><option ${webhooks.off ? "" : "selected"}>on</option><option ${webhooks.off ? "selected" : ""}>off</option></select></label>
<button>Set</button></form>`
})}
<div class="actions">${button("Clear all faults", { action: "clearFaults" })}</div></section>`
}
