import { ApplicationCommandType, ComponentType, InteractionType } from "discord-api-types/v10"
import type { Act } from "../../vendors/discord/whoActs.ts"

/** What somebody typed or chose in an interaction, each with what it was asked as. */
export function wordsOf(act: Act): { label: string; text: string }[] {
  switch (act.type) {
    case InteractionType.ModalSubmit:
      return act.data.components.flatMap((top) => {
        if (top.type !== ComponentType.Label) return []
        const { component } = top
        const all =
          "values" in component ? component.values : typeof component.value === "string" ? [component.value] : []
        const files = act.data.resolved?.attachments
        const text = all.map((each) => files?.[each]?.filename ?? each).join(", ")
        return text === "" ? [] : [{ label: component.custom_id, text }]
      })
    case InteractionType.ApplicationCommand:
      return act.data.type === ApplicationCommandType.ChatInput ? optionsOf(act.data.options) : []
    case InteractionType.MessageComponent:
      return "values" in act.data ? [{ label: "chosen", text: act.data.values.join(", ") }] : []
    case InteractionType.ApplicationCommandAutocomplete:
      return []
  }
}

interface Option {
  name: string
  value?: string | number | boolean
  options?: readonly Option[]
}

/** A subcommand has its options inside. */
const optionsOf = (options: readonly Option[] = []): { label: string; text: string }[] =>
  options.flatMap(({ name, value, options: inside }) =>
    value === undefined
      ? [{ label: "does", text: name }, ...optionsOf(inside)]
      : [{ label: name, text: String(value) }],
  )
