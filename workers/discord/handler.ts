import type {
  APIApplicationCommandAutocompleteInteraction,
  APIApplicationCommandAutocompleteResponse,
  APIApplicationCommandInteraction,
  APIInteractionResponseChannelMessageWithSource,
  APIInteractionResponseUpdateMessage,
  APIMessageComponentInteraction,
  APIModalInteractionResponse,
  APIModalSubmitInteraction,
  RESTPatchAPIInteractionOriginalResponseJSONBody,
} from "discord-api-types/v10"
import type { DiscordContext } from "./discordContext.ts"

/**
 * Answers at once. Its reading runs while the interaction's id is being taken, so it writes nothing: a recorded request
 * gets as far as here before it is refused.
 */
export interface AnswersAtOnce<Interaction, Answer> {
  name: string
  answer(ctx: DiscordContext, interaction: Interaction): Promise<Answer>
  /**
   * The answer where the database takes too long for it: made of the interaction alone, so that whoever repeats a recorded
   * request learns nothing that is not in it. Null where there is none.
   */
  unaided?(interaction: Interaction): Answer | null
}

export type EditedAnswer = RESTPatchAPIInteractionOriginalResponseJSONBody

/**
 * Puts the answer off and gives it later, within the 15 minutes of the token and the time a Worker has after answering. The
 * interaction is kept until then, and finished by somebody else after a death: doing it twice must be doing it once.
 */
export type Defers<Interaction> =
  /** "thinking…", seen by whoever asked only, until `finish` says what comes of it. */
  | {
      name: string
      defer: "ephemeral"
      /**
       * What was written must not be lost: where it fails for now, it is done again later; where it cannot be done or kept,
       * whoever wrote it gets it back.
       */
      insists?: true
      finish(ctx: DiscordContext, interaction: Interaction): Promise<EditedAnswer>
      /** What whoever asked must not see take its time; done once they were told what came of it. */
      afterwards?(ctx: DiscordContext, interaction: Interaction): Promise<void>
    }
  /** The message with the component stays as it is, unless `finish` says what it becomes. */
  | {
      name: string
      defer: "update"
      finish(ctx: DiscordContext, interaction: Interaction): Promise<EditedAnswer | null>
    }

type Message = APIInteractionResponseChannelMessageWithSource

export type CommandHandler =
  | AnswersAtOnce<APIApplicationCommandInteraction, Message | APIModalInteractionResponse>
  | Extract<Defers<APIApplicationCommandInteraction>, { defer: "ephemeral" }>
export type AutocompleteHandler = AnswersAtOnce<
  APIApplicationCommandAutocompleteInteraction,
  APIApplicationCommandAutocompleteResponse
>
export type ComponentHandler =
  | AnswersAtOnce<
      APIMessageComponentInteraction,
      Message | APIInteractionResponseUpdateMessage | APIModalInteractionResponse
    >
  | Defers<APIMessageComponentInteraction>
export type ModalHandler =
  | AnswersAtOnce<APIModalSubmitInteraction, Message | APIInteractionResponseUpdateMessage>
  | Defers<APIModalSubmitInteraction>

/** By name: of the command, or what comes before the first colon of the custom id. */
export interface Handlers {
  commands: readonly CommandHandler[]
  autocompletes: readonly AutocompleteHandler[]
  components: readonly ComponentHandler[]
  modals: readonly ModalHandler[]
}
