import {
  type APIInteraction,
  type APIInteractionResponse,
  InteractionResponseType,
  InteractionType,
  MessageFlags,
} from "discord-api-types/v10"

/** Tells whoever acted, and nobody else; while somebody types there is no place to say anything. */
export function notice(interaction: Pick<APIInteraction, "type">, text: string): APIInteractionResponse {
  if (interaction.type === InteractionType.ApplicationCommandAutocomplete)
    return { type: InteractionResponseType.ApplicationCommandAutocompleteResult, data: { choices: [] } }
  return {
    type: InteractionResponseType.ChannelMessageWithSource,
    data: { content: text.slice(0, 2000), flags: MessageFlags.Ephemeral, allowed_mentions: { parse: [] } },
  }
}
