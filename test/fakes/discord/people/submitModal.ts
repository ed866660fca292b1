import { ComponentType } from "discord-api-types/v10"
import type { FileUpload } from "../cdn.ts"
import type { Interaction } from "../interactions/interaction.ts"
import { resolved } from "../interactions/payload.ts"
import { sendInteraction } from "../interactions/sendInteraction.ts"
import type { Component } from "../model/component.ts"
import type { Channel } from "../model/wire.ts"
import { showAttachment } from "../present/showMessage.ts"
import { keepFiles } from "../verbs/keepFiles.ts"
import type { DiscordWorld } from "../world.ts"
import { cannot } from "./cannot.ts"
import { choiceProblem } from "./choiceProblem.ts"

export interface Filled {
  /** By custom id; what is left out keeps the modal's own value. */
  values?: Record<string, string | string[] | boolean>
  files?: Record<string, readonly FileUpload[]>
}

/** A person sends a modal that an interaction of theirs has opened. */
export async function submitModal(
  world: DiscordWorld,
  input: Filled & { as: string; interaction: string },
): Promise<Interaction> {
  const opened = world.interaction(input.interaction)
  const { modal } = opened
  if (!modal || opened.user !== input.as) throw cannot("They have no such modal open.")
  const channel = world.channel(opened.channel)
  const uploads: string[] = []
  const chosen: string[] = []
  const filled = modal.components.map((top) => fillTop(world, channel, top, input, { uploads, chosen }))
  const attachments = uploads.flatMap((id) => world.store.attachments.get(id) ?? []).map(showAttachment(world.cdn))
  const named = {
    ...resolved(world, chosen),
    ...(attachments.length > 0 && { attachments: Object.fromEntries(attachments.map((each) => [each.id, each])) }),
  }
  const message = world.store.messages.get(opened.message ?? "")
  const sent = await sendInteraction(world, {
    type: 5,
    user: input.as,
    channel,
    message,
    data: {
      custom_id: modal.custom_id,
      components: filled,
      ...(Object.keys(named).length > 0 && { resolved: named }),
    },
    label: `Sent "${modal.title}"`,
  })
  // As in Discord, the modal stays open when it was not taken.
  if (sent.outcome === "answered") opened.modal = null
  world.touch()
  return sent
}

interface Found {
  uploads: string[]
  chosen: string[]
}

function fillTop(world: DiscordWorld, channel: Channel, top: Component, input: Filled, found: Found) {
  const { type, id } = top
  if (top.type === ComponentType.TextDisplay) return { type, id }
  if (top.type === ComponentType.ActionRow)
    return {
      type,
      id,
      components: (top.components ?? []).map((each) => fill(world, channel, each, each.label, input, found)),
    }
  return { type, id, component: top.component && fill(world, channel, top.component, top.label, input, found) }
}

function fill(
  world: DiscordWorld,
  channel: Channel,
  component: Component,
  label = "",
  { values = {}, files = {} }: Filled,
  found: Found,
) {
  const { type, id, custom_id = "" } = component
  const given = values[custom_id]
  const base = { type, id, custom_id }
  switch (type) {
    case ComponentType.TextInput: {
      const value = typeof given === "string" ? given : (component.value ?? "")
      const problem = textProblem(component, value)
      if (problem) throw cannot(`${label}: ${problem}`)
      return { ...base, value }
    }
    case ComponentType.Checkbox:
      return { ...base, value: typeof given === "boolean" ? given : (component.default ?? false) }
    case ComponentType.FileUpload: {
      const uploaded = files[custom_id] ?? []
      const { min_values: least = component.required === false ? 0 : 1, max_values: most = 1 } = component
      const none = uploaded.length === 0 && component.required === false
      if (!none && (uploaded.length < least || uploaded.length > most))
        throw cannot(`${label}: between ${least} and ${most} files, not ${uploaded.length}.`)
      const strange = uploaded.find((file) => !fits(component.file_types, file))
      if (strange) throw cannot(`${label}: "${strange.name}" is not of a type that is asked for.`)
      const ids = keepFiles(world, { channel, files: uploaded, ephemeral: true })
      found.uploads.push(...ids)
      return { ...base, values: ids }
    }
    default: {
      const preset = (component.options ?? []).filter((option) => option.default).map(({ value }) => value)
      const chosen = given === undefined ? preset : typeof given === "boolean" ? [] : [given].flat().filter(Boolean)
      const problem = choiceProblem(world, component, chosen)
      if (problem) throw cannot(`${label}: ${problem}`)
      if (type === ComponentType.RadioGroup) return { ...base, value: chosen[0] ?? null }
      if (type !== ComponentType.StringSelect && type !== ComponentType.CheckboxGroup) found.chosen.push(...chosen)
      return { ...base, values: chosen }
    }
  }
}

/** Types are `image`, `video`, `audio` or endings such as `.log`. */
const fits = (types: readonly string[] | undefined, { name, contentType }: FileUpload): boolean =>
  types === undefined ||
  types.some((type) =>
    type.startsWith(".") ? name.toLowerCase().endsWith(type.toLowerCase()) : contentType.startsWith(`${type}/`),
  )

function textProblem({ required = true, min_length = 0, max_length = 4000 }: Component, value: string): string | null {
  if (value === "") return required ? "This is required." : null
  if (value.length < min_length) return `At least ${min_length} characters.`
  return value.length > max_length ? `At most ${max_length} characters.` : null
}

/** A person closes a modal without sending it; the application is not told. */
export function closeModal(world: DiscordWorld, input: { as: string; interaction: string }): void {
  const opened = world.interaction(input.interaction)
  if (opened.user !== input.as) throw cannot("They have no such modal open.")
  opened.modal = null
  world.touch()
}
