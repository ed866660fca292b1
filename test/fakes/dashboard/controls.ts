import { html } from "hono/html"

type Kind = "plain" | "primary" | "danger" | "quiet"

/** A button that does one thing, as a form of its own so that it works without script. */
export const button = (label: string, fields: Record<string, string>, kind: Kind = "plain") =>
  html`<form method="post" action="/_/act">${hidden(fields)}<button class="${kind}">${label}</button></form>`

export const hidden = (fields: Record<string, string>) =>
  Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)

/** A choice and a button that sends it. */
export const chooser = (input: {
  label: string
  name: string
  choices: readonly (readonly [value: string, label: string])[]
  chosen?: string
  button: string
  fields: Record<string, string>
}) =>
  html`<form method="post" action="/_/act" class="chooser">${hidden(input.fields)}<select name="${input.name}" aria-label="${input.label}">${input.choices.map(
    ([value, label]) => html`<option value="${value}" ${value === input.chosen ? "selected" : ""}>${label}</option>`,
  )}</select><button>${input.button}</button></form>`

const tones: Record<string, "good" | "bad" | "warn"> = {
  active: "good",
  paid: "good",
  succeeded: "good",
  delivered: "good",
  opened: "good",
  clicked: "good",
  won: "good",
  trialing: "good",
  past_due: "bad",
  unpaid: "bad",
  failed: "bad",
  bounced: "bad",
  complained: "bad",
  suppressed: "bad",
  lost: "bad",
  needs_response: "bad",
  open: "warn",
  incomplete: "warn",
  paused: "warn",
  pending: "warn",
  withheld: "warn",
  delivery_delayed: "warn",
}

export const badge = (status: string, label = status.replaceAll("_", " ")) =>
  html`<span class="badge ${tones[status] ?? ""}">${label}</span>`
