import { type APIButtonComponentWithCustomId, ButtonStyle, ComponentType } from "discord-api-types/v10"
import { customId } from "../../vendors/discord/customId.ts"

/** Leads to the questions of the category; it is for the opener. */
export const questionsButton = (ticketId: string, count: number): APIButtonComponentWithCustomId => ({
  type: ComponentType.Button,
  style: ButtonStyle.Success,
  label: count === 1 ? "Answer a question about it" : `Answer ${count} questions about it`,
  custom_id: customId("ticket.questions", ticketId),
})
