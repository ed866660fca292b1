import { ComponentType, TextInputStyle } from "discord-api-types/v10"
import { html } from "hono/html"
import type { Interaction, Modal } from "../../discord/interactions/interaction.ts"
import type { Component } from "../../discord/model/component.ts"
import type { DiscordWorld } from "../../discord/world.ts"
import { hidden } from "../controls.ts"
import type { Markup } from "../page.ts"
import { formatted } from "./formatted.ts"
import { optionsOf } from "./optionsOf.ts"
import { playButton } from "./playForm.ts"

/** A modal that the viewer has open. */
export const modalForm = (world: DiscordWorld, { id, user }: Interaction, modal: Modal) =>
  html`<div class="modal" id="modal-${id}" role="dialog" aria-labelledby="modal-title-${id}" data-dialog><h3 id="modal-title-${id}">${modal.title}</h3>
<form method="post" action="/_/discord/act" enctype="multipart/form-data" id="modal-form-${id}">${hidden({ action: "submitModal", as: user, interaction: id })}
${modal.components.map((top) => field(world, top))}
<div class="actions"><button class="primary">Submit</button></div></form>
${playButton("Cancel", { action: "closeModal", as: user, interaction: id }, "quiet")}</div>`

function field(world: DiscordWorld, top: Component): Markup {
  if (top.type === ComponentType.TextDisplay) return formatted(world, top.content ?? "")
  if (top.type === ComponentType.ActionRow)
    return html`${(top.components ?? []).map((each) => labelled(world, each, each.label ?? "", undefined))}`
  return top.component ? labelled(world, top.component, top.label ?? "", top.description) : html``
}

function labelled(world: DiscordWorld, component: Component, label: string, description: string | undefined): Markup {
  const required = component.required !== false
  const text = html`<span>${label}${required ? "" : html` <small>optional</small>`}</span>${description ? html`<small>${description}</small>` : ""}`
  const group = component.type === ComponentType.RadioGroup || component.type === ComponentType.CheckboxGroup
  return group
    ? html`<fieldset><legend>${text}</legend>${choices(world, component, required)}</fieldset>`
    : html`<label>${text}${input(world, component, required)}</label>`
}

function choices(world: DiscordWorld, component: Component, required: boolean): Markup {
  const { custom_id = "" } = component
  const radio = component.type === ComponentType.RadioGroup
  return html`${optionsOf(world, component).map(
    ({ value, label, chosen }) =>
      html`<label class="choice"><input type="${radio ? "radio" : "checkbox"}" name="${radio ? "value" : "many"}:${custom_id}" value="${value}" ${chosen ? "checked" : ""} ${radio && required ? "required" : ""}><span>${label}</span></label>`,
  )}`
}

function input(world: DiscordWorld, component: Component, required: boolean): Markup {
  const { type, custom_id = "", placeholder = "", value = "", min_values, max_values = 1 } = component
  const need = required ? "required" : ""
  switch (type) {
    case ComponentType.TextInput: {
      const { min_length = 0, max_length = 4000, style } = component
      return style === TextInputStyle.Paragraph
        ? html`<textarea name="value:${custom_id}" rows="4" minlength="${min_length}" maxlength="${max_length}" placeholder="${placeholder}" ${need}>${value}</textarea>`
        : html`<input name="value:${custom_id}" value="${value}" minlength="${min_length}" maxlength="${max_length}" placeholder="${placeholder}" autocomplete="off" ${need}>`
    }
    case ComponentType.Checkbox:
      return html`<input type="hidden" name="check:${custom_id}" value="off"><input type="checkbox" name="check:${custom_id}" value="on" ${component.default ? "checked" : ""}>`
    case ComponentType.FileUpload:
      return html`<input type="file" name="file:${custom_id}" ${max_values > 1 ? "multiple" : ""} ${required && min_values !== 0 ? "required" : ""}>`
    default:
      return html`<select name="many:${custom_id}" ${max_values > 1 ? "multiple" : ""} ${need}>${max_values > 1 ? "" : html`<option value="">${placeholder || "Choose"}</option>`}${optionsOf(
        world,
        component,
      ).map(
        (option) => html`<option value="${option.value}" ${option.chosen ? "selected" : ""}>${option.label}</option>`,
      )}</select>`
  }
}
