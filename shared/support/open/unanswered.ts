import type { TicketRow } from "../carryTicket.ts"
import type { TicketQuestion } from "../categorySchema.ts"
import type { CategoryRow } from "../supportSetup.ts"

/** What the category asks and the form that opened the ticket did not: it was opened before its category was chosen. */
export const unanswered = (
  { source, answers }: Pick<TicketRow, "source" | "answers">,
  category: Pick<CategoryRow, "questions"> | undefined,
): TicketQuestion[] => (source === "discord" && answers.length === 0 ? (category?.questions ?? []) : [])
