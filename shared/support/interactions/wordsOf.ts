import { componentKinds, interactionKinds, slashCommand } from "../../vendors/discord/kinds.ts"
import type { Act } from "../../vendors/discord/whoActs.ts"
import { askedAs } from "./askedAs.ts"

/** What somebody typed or chose in an interaction, each with what it was asked as. */
export function wordsOf(
  act: Act,
  categories: Parameters<typeof askedAs>[1]["categories"],
): { label: string; text: string }[] {
  switch (act.type) {
    case interactionKinds.modal:
      return act.data.components.flatMap((top) => {
        if (top.type !== componentKinds.label) return []
        const { component } = top
        const all =
          "values" in component ? component.values : typeof component.value === "string" ? [component.value] : []
        const files = act.data.resolved?.attachments
        const text = all.map((each) => files?.[each]?.filename ?? each).join(", ")
        return text === ""
          ? []
          : [{ label: askedAs(component.custom_id, { form: act.data.custom_id, categories }), text }]
      })
    case interactionKinds.command:
      return act.data.type === slashCommand ? optionsOf(act.data.options) : []
    case interactionKinds.component:
      return "values" in act.data ? [{ label: "chosen", text: act.data.values.join(", ") }] : []
    default:
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
