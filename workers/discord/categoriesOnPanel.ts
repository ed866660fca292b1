import { type APIMessage, ComponentType } from "discord-api-types/v10"
import type { FormCategory } from "./ticketForm.ts"

/** The categories that the panel's message offers, as they were when it was posted; none where there is but one. */
export const categoriesOnPanel = ({ components = [] }: Pick<APIMessage, "components">): FormCategory[] =>
  components
    .flatMap((row) => (row.type === ComponentType.ActionRow ? row.components : []))
    .flatMap((each) =>
      each.type === ComponentType.StringSelect && each.custom_id === "ticket.category" ? each.options : [],
    )
    .map(({ value, label, description = "" }) => ({ id: value, name: label, description, questions: [] }))
