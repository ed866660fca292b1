import { ButtonStyle, ComponentType } from "discord-api-types/v10"
import { html } from "hono/html"
import type { Component } from "../../discord/model/component.ts"
import type { DiscordWorld } from "../../discord/world.ts"
import { hidden } from "../controls.ts"
import type { Markup } from "../page.ts"
import { formatted } from "./formatted.ts"
import { optionsOf } from "./optionsOf.ts"
import { playButton } from "./playForm.ts"

export interface Usage {
  world: DiscordWorld
  as: string
  channel: string
  message: string
}

/** The components of a message, as what they are. */
export function componentMarkup(usage: Usage, component: Component): Markup {
  const { world } = usage
  const inner = () => (component.components ?? []).map((each) => componentMarkup(usage, each))
  switch (component.type) {
    case ComponentType.ActionRow:
      return html`<div class="actions">${inner()}</div>`
    case ComponentType.Container:
      return html`<div class="panel">${inner()}</div>`
    case ComponentType.Section:
      return html`<div class="section"><div>${inner()}</div>${component.accessory ? componentMarkup(usage, component.accessory) : ""}</div>`
    case ComponentType.TextDisplay:
      return formatted(world, component.content ?? "")
    case ComponentType.Separator:
      return html`<hr>`
    case ComponentType.Button:
      return buttonMarkup(usage, component)
    case ComponentType.StringSelect:
    case ComponentType.UserSelect:
    case ComponentType.RoleSelect:
    case ComponentType.MentionableSelect:
    case ComponentType.ChannelSelect:
      return selectMarkup(usage, component)
    default:
      return html`<p class="hint">A component of type ${component.type}</p>`
  }
}

const kinds: Record<number, string> = { [ButtonStyle.Primary]: "primary", [ButtonStyle.Danger]: "danger" }

function buttonMarkup({ as, channel, message }: Usage, component: Component): Markup {
  const { label, emoji, url = "", custom_id = "", style = 0, disabled = false } = component
  const text = [emoji?.name, label].filter(Boolean).join(" ") || custom_id
  if (style === ButtonStyle.Link)
    return /^https?:/.test(url)
      ? html`<a class="button" href="${url}" rel="noreferrer">${text} ↗</a>`
      : html`<span class="hint">${text}: ${url}</span>`
  const fields = { action: "press", as, channel, message, customId: custom_id }
  return playButton(text, fields, kinds[style] ?? "plain", disabled)
}

function selectMarkup({ world, as, channel, message }: Usage, component: Component): Markup {
  const { custom_id = "", placeholder = "Choose", max_values = 1, disabled } = component
  const many = max_values > 1
  return html`<form method="post" action="/_/discord/act" class="chooser">${hidden({ action: "choose", as, channel, message, customId: custom_id })}
<select name="values" aria-label="${placeholder}" ${many ? "multiple" : ""} ${disabled ? "disabled" : ""}>${many ? "" : html`<option value="">${placeholder}</option>`}${optionsOf(
    world,
    component,
  ).map(
    ({ value, label, chosen }) => html`<option value="${value}" ${chosen ? "selected" : ""}>${label}</option>`,
  )}</select><button ${disabled ? "disabled" : ""}>Choose</button></form>`
}
