import {
  type APILabelComponent,
  type APIModalInteractionResponse,
  ComponentType,
  InteractionResponseType,
  TextInputStyle,
} from "discord-api-types/v10"
import { mostQuestions } from "../../shared/support/categorySchema.ts"
import type { CategoryRow } from "../../shared/support/supportSetup.ts"

/** What a form shows of a category. */
export type FormCategory = Pick<CategoryRow, "id" | "name" | "description" | "questions">

import { customId } from "../../shared/vendors/discord/customId.ts"

/** A group of radio buttons has up to ten; more of them are a list to choose from. */
const mostRadios = 10

const field = (label: string, component: APILabelComponent["component"], description?: string): APILabelComponent => ({
  type: ComponentType.Label,
  label: label.slice(0, 45),
  ...(description && { description: description.slice(0, 100) }),
  component,
})

/**
 * The one form of a ticket: of a category with its own questions, or with the category to be chosen in it; none to choose
 * from is one that needs no choosing.
 */
export function ticketForm(categories: FormCategory[], chosen: FormCategory | null): APIModalInteractionResponse {
  return {
    type: InteractionResponseType.Modal,
    data: {
      custom_id: chosen ? customId("ticket.form", chosen.id) : "ticket.form",
      title: (chosen ? `New ticket: ${chosen.name}` : "New ticket").slice(0, 45),
      components: [
        ...(chosen || categories.length === 0 ? [] : [field("What is it about?", categoryChoice(categories))]),
        field(
          "What can we do for you?",
          {
            type: ComponentType.TextInput,
            custom_id: "description",
            style: TextInputStyle.Paragraph,
            min_length: 1,
            max_length: 4000,
            required: true,
          },
          "What you did, what you expected, what happened instead.",
        ),
        ...questionFields(chosen?.questions ?? []),
        field("A file, if it helps", {
          type: ComponentType.FileUpload,
          custom_id: "files",
          min_values: 0,
          max_values: 5,
          required: false,
        }),
      ],
    },
  }
}

function categoryChoice(categories: FormCategory[]): APILabelComponent["component"] {
  const options = categories.slice(0, 25).map(({ id, name, description }) => ({
    value: id,
    label: name.slice(0, 100),
    ...(description && { description: description.slice(0, 100) }),
  }))
  return options.length >= 2 && options.length <= mostRadios
    ? { type: ComponentType.RadioGroup, custom_id: "category", options, required: true }
    : { type: ComponentType.StringSelect, custom_id: "category", options, required: true }
}

/** What a category asks. */
export const questionFields = (questions: FormCategory["questions"]): APILabelComponent[] =>
  questions.slice(0, mostQuestions).map(({ id, label, long, required }) =>
    field(label, {
      type: ComponentType.TextInput,
      custom_id: `question.${id}`,
      style: long ? TextInputStyle.Paragraph : TextInputStyle.Short,
      max_length: 1000,
      required,
    }),
  )
