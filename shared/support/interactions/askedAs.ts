import { readCustomId } from "../../vendors/discord/customId.ts"
import type { CategoryRow } from "../supportSetup.ts"

type Asking = Pick<CategoryRow, "id" | "questions">

/** What a field of a form asked: a question of the category that the form was of or, where it does not say, of all that have it. */
export function askedAs(field: string, { form, categories }: { form: string; categories: readonly Asking[] }): string {
  if (!field.startsWith("question.")) return field
  const ofForm = categories.filter(({ id }) => readCustomId(form).args.includes(id))
  const asking = (ofForm.length > 0 ? ofForm : categories).flatMap(({ questions }) =>
    questions.filter(({ id }) => `question.${id}` === field).map(({ label }) => label),
  )
  const [label] = asking
  return label !== undefined && asking.every((each) => each === label) ? label : field
}
