import { html } from "hono/html"
import type { FaultKind, Faults } from "../faults/faults.ts"
import type { Parts } from "../parts.ts"
import { badge, button } from "./controls.ts"

const kinds: [FaultKind, string, string][] = [
  ["latency", "Slow answers", "Milliseconds"],
  ["timeoutAfterAcceptance", "Done, but no answer", "Hangs for ms"],
  ["droppedConnection", "Dropped before acceptance", ""],
  ["tooManyRequests", "429 too many requests", ""],
  ["serverError", "500 server error", ""],
  ["unavailable", "503, down", ""],
  ["errorAfterAcceptance", "Done, but 500", ""],
  ["duplicateWebhooks", "Delivered to us twice", ""],
]

export function faultsSection({ faults }: Parts) {
  return html`<section id="faults" aria-labelledby="faults-title"><h2 id="faults-title">Faults</h2>
<p class="hint">Probability from 0 to 1; leave the count empty for as often as it comes. Drawn from a seeded generator, so a run repeats.</p>
${vendorFaults("stripe", "Stripe", faults.stripe)}${vendorFaults("resend", "Resend", faults.resend)}${vendorFaults("discord", "Discord", faults.discord)}
<div class="actions">${button("Clear all faults", { action: "clearFaults" })}${button("Deliver webhooks held back", { action: "releaseWebhooks" })}${button("Reset everything", { action: "reset" }, "danger")}</div></section>`
}

export function vendorFaults(vendor: string, label: string, faults: Faults) {
  const busy = faults.rules.size > 0 || faults.webhooksOff || faults.reorderWebhooks > 0
  return html`<details class="item" id="faults-${vendor}"><summary><span class="title">${label}</span> ${busy ? badge("failed", "misbehaves") : badge("active", "behaves")}</summary>
<form method="post" action="/_/act" class="faults body"><input type="hidden" name="action" value="faults"><input type="hidden" name="vendor" value="${vendor}">
<table><thead><tr><th scope="col">What goes wrong</th><th scope="col">Probability</th><th scope="col">Count</th><th scope="col">For</th><th scope="col">Seen</th></tr></thead>
<tbody>${kinds.map(([kind, name, length]) => faultRow(faults, kind, name, length))}</tbody></table>
<div class="grid">${vendor === "discord" ? "" : html`<label>Webhooks shuffled in groups of<input name="reorderWebhooks" type="number" min="0" max="10000" value="${faults.reorderWebhooks}"></label>`}
<label>${vendor === "discord" ? "Interactions" : "Webhooks"}<select name="webhooksOff"><option value="off" ${faults.webhooksOff ? "" : "selected"}>sent</option><option value="on" ${faults.webhooksOff ? "selected" : ""}>withheld</option></select></label></div>
<div class="actions"><button class="primary">Set ${label}'s faults</button></div></form></details>`
}

function faultRow(faults: Faults, kind: FaultKind, name: string, length: string) {
  const rule = faults.rules.get(kind)
  return html`<tr><th scope="row">${name}</th>
<td><input name="${kind}.probability" type="number" min="0" max="1" step="any" aria-label="${name}: probability" value="${rule ? (rule.probability ?? 1) : 0}"></td>
<td><input name="${kind}.count" type="number" min="0" aria-label="${name}: count" value="${rule?.count ?? ""}"></td>
<td>${length ? html`<input name="${kind}.milliseconds" type="number" min="0" aria-label="${name}: milliseconds" placeholder="ms" value="${rule?.milliseconds ?? ""}">` : ""}</td>
<td>${faults.happened.get(kind) ?? 0}</td></tr>`
}
