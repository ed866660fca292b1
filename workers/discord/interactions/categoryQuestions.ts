import { InteractionResponseType } from "discord-api-types/v10"
import { answerQuestions, askedQuestions } from "../../../shared/support/work/answerQuestions.ts"
import { customId, readCustomId } from "../../../shared/vendors/discord/customId.ts"
import { modalFields } from "../../../shared/vendors/discord/modalFields.ts"
import type { ComponentHandler, ModalHandler } from "../handler.ts"
import { questionFields } from "../ticketForm.ts"

const ticketOf = (id: string) => readCustomId(id).args[0] ?? ""

/** Asks what the category asks, of whoever opened a ticket before they had chosen it. */
export const questionsButton: ComponentHandler = {
  name: "ticket.questions",
  async answer(ctx, { data }) {
    const id = ticketOf(data.custom_id)
    const questions = await askedQuestions(ctx, { id })
    return {
      type: InteractionResponseType.Modal,
      data: {
        custom_id: customId("ticket.answers", id),
        title: "About your ticket",
        components: questionFields(questions),
      },
    }
  },
}

export const questionsForm: ModalHandler = {
  name: "ticket.answers",
  defer: "ephemeral",
  insists: true,
  async finish(ctx, interaction) {
    const fields = modalFields(interaction)
    await answerQuestions(ctx, {
      id: ticketOf(interaction.data.custom_id),
      once: interaction.id,
      answerTo: (questionId) => fields.one(`question.${questionId}`),
    })
    return { content: "Thank you, this helps.", components: [] }
  },
}
