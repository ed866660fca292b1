import type { APIAttachment, APIModalSubmitInteraction } from "discord-api-types/v10"
import { componentKinds } from "./kinds.ts"

/** What a modal was filled in with, by custom id. */
export function modalFields({ data }: Pick<APIModalSubmitInteraction, "data">) {
  const values = new Map<string, string[]>()
  for (const top of data.components) {
    if (top.type !== componentKinds.label) continue
    const { component } = top
    if ("values" in component) values.set(component.custom_id, component.values)
    else if (typeof component.value === "string") values.set(component.custom_id, [component.value])
  }
  const all = (id: string) => values.get(id) ?? []
  return {
    one: (id: string): string => all(id)[0] ?? "",
    files: (id: string): APIAttachment[] => all(id).flatMap((each) => data.resolved?.attachments?.[each] ?? []),
  }
}

/** What was typed into a modal's text inputs, in their order. */
export const typedIn = ({ data }: Pick<APIModalSubmitInteraction, "data">): string[] =>
  data.components.flatMap((top) =>
    top.type === componentKinds.label && top.component.type === componentKinds.text && top.component.value !== ""
      ? [top.component.value]
      : [],
  )
