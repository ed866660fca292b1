import type { APIModalSubmitInteraction } from "discord-api-types/v10"
import { readCustomId } from "../../vendors/discord/customId.ts"
import { modalFields } from "../../vendors/discord/modalFields.ts"
import { nameOf, userIdOf } from "../../vendors/discord/whoActs.ts"
import type { CategoryRow } from "../supportSetup.ts"
import type { TicketWish } from "./reserveTicket.ts"

/** What a filled form for a ticket wishes; its category is "" where none was chosen and there is more than one. */
export function wishOf(
  interaction: APIModalSubmitInteraction,
  { categories, guildId }: { categories: CategoryRow[]; guildId: string },
): TicketWish {
  const fields = modalFields(interaction)
  const [given] = readCustomId(interaction.data.custom_id).args
  const enabled = categories.filter((each) => each.enabled)
  const categoryId = given ?? (fields.one("category") || (enabled.length === 1 ? (enabled[0]?.id ?? "") : ""))
  const questions = categories.find(({ id }) => id === categoryId)?.questions ?? []
  return {
    interactionId: interaction.id,
    interactionToken: interaction.token,
    guildId: interaction.guild_id ?? guildId,
    openerId: userIdOf(interaction),
    openerName: nameOf(interaction),
    categoryId,
    description: fields.one("description"),
    answers: given ? questions.map(({ id, label }) => ({ question: label, answer: fields.one(`question.${id}`) })) : [],
    files: fields
      .files("files")
      .map(({ id, filename, content_type: contentType = "application/octet-stream", size, url }) => ({
        ...{ id, name: filename, contentType, size, url },
      })),
  }
}
