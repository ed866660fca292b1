import { html } from "hono/html"
import type { Parts } from "../parts.ts"
import { button } from "./controls.ts"
import { minuteOf } from "./format.ts"

const steps = [
  ["+1 hour", 1],
  ["+1 day", 24],
  ["+3 days", 72],
  ["+1 month", 24 * 31],
] as const

export const clockSection = ({ world }: Parts) => html`<section id="clock" class="clock" aria-label="Stripe's clock">
<div><span class="label">Stripe's clock</span> <strong>${minuteOf(world.now())}</strong> <span class="label">UTC</span></div>
<div class="actions">${steps.map(([label, hours]) => button(label, { action: "advanceClock", hours: String(hours) }))}</div></section>`
