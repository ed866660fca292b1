import { type APIInteractionResponse, type APIPingInteraction, InteractionType } from "discord-api-types/v10"
import { readCustomId } from "../../shared/vendors/discord/customId.ts"
import type { Interaction } from "../../shared/vendors/discord/readInteraction.ts"
import { react } from "./react.ts"
import type { Edge } from "./receiveInteraction.ts"

/** By type and by the name of the command or custom id. */
export function routeInteraction(
  interaction: Exclude<Interaction, APIPingInteraction>,
  edge: Edge,
): Promise<APIInteractionResponse> {
  const { handlers } = edge
  switch (interaction.type) {
    case InteractionType.ApplicationCommand:
      return react(edge, "command", interaction.data.name, handlers.commands, interaction)
    case InteractionType.ApplicationCommandAutocomplete:
      return react(edge, "autocomplete", interaction.data.name, handlers.autocompletes, interaction)
    case InteractionType.MessageComponent:
      return react(edge, "component", readCustomId(interaction.data.custom_id).name, handlers.components, interaction)
    case InteractionType.ModalSubmit:
      return react(edge, "modal", readCustomId(interaction.data.custom_id).name, handlers.modals, interaction)
  }
}
