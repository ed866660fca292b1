import { html } from "hono/html"
import { hidden } from "../controls.ts"

/** A button that does one thing in Discord. */
export const playButton = (label: string, fields: Record<string, string>, kind = "plain", disabled = false) =>
  html`<form method="post" action="/_/discord/act">${hidden(fields)}<button class="${kind}" ${disabled ? "disabled" : ""}>${label}</button></form>`

/** A switch: what it says, its state, and a button that turns it over. */
export const playSwitch = (label: string, on: boolean, fields: (to: "on" | "off") => Record<string, string>) =>
  html`<form method="post" action="/_/discord/act" class="switch">${hidden(fields(on ? "off" : "on"))}<button aria-pressed="${String(on)}" class="${on ? "pressed" : ""}">${label}</button></form>`
