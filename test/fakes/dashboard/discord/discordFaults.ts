import { html } from "hono/html"
import type { FaultKind, Faults } from "../../faults/faults.ts"
import { button } from "../controls.ts"
import { vendorFaults } from "../faultsSection.ts"

const presets: [string, FaultKind, Record<string, string>][] = [
  ["Down: 503", "unavailable", {}],
  ["Down: connections dropped", "droppedConnection", {}],
  ["429 to everything", "tooManyRequests", {}],
  ["Slow by 2 s", "latency", { "latency.milliseconds": "2000" }],
  ["500 after the work", "errorAfterAcceptance", {}],
]

/** What may be wrong with Discord's API: whole, with a button each, and in detail. */
export const discordFaults = (
  faults: Faults,
) => html`<section id="discord-faults" aria-labelledby="discord-faults-title"><h2 id="discord-faults-title">Faults</h2>
<div class="actions">${presets.map(([label, kind, extra]) => button(label, { action: "faults", vendor: "discord", [`${kind}.probability`]: "1", ...extra }))}${button("All well again", { action: "clearFaults" }, "primary")}</div>
${vendorFaults("discord", "Discord", faults)}</section>`
