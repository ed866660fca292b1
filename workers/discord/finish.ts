import {
  type APIInteractionResponse,
  type APIPingInteraction,
  InteractionResponseType,
  MessageFlags,
} from "discord-api-types/v10"
import { toAppError } from "../../shared/errors.ts"
import { noteFailedInteraction } from "../../shared/support/noteFailedInteraction.ts"
import { editOriginalResponse, followUp } from "../../shared/vendors/discord/interactionAnswers.ts"
import type { Interaction } from "../../shared/vendors/discord/readInteraction.ts"
import type { DiscordContext } from "./discordContext.ts"
import { failureText } from "./failureText.ts"
import type { Defers } from "./handler.ts"

/** The answer that there will be an answer. */
export const deferral = ({ defer }: Pick<Defers<never>, "defer">): APIInteractionResponse =>
  defer === "update"
    ? { type: InteractionResponseType.DeferredMessageUpdate }
    : { type: InteractionResponseType.DeferredChannelMessageWithSource, data: { flags: MessageFlags.Ephemeral } }

/** Does what was put off, once the interaction's id is ours, and tells whoever asked. Never throws. */
export async function finish<Acted extends Exclude<Interaction, APIPingInteraction>>(
  ctx: DiscordContext,
  handler: Defers<Acted>,
  interaction: Acted,
  claim: Promise<boolean>,
): Promise<void> {
  const { id, token } = interaction
  const started = Date.now()
  try {
    if (!(await claim)) {
      ctx.log.warn("interaction taken before")
      return
    }
    const message = await handler.finish(ctx, interaction)
    if (message) await editOriginalResponse(ctx.vendors.discord, { token, message })
    ctx.log.info("interaction finished", { milliseconds: Date.now() - started })
  } catch (thrown) {
    const error = toAppError(thrown)
    ctx.log.error("interaction failed", { code: error.code, error: error.message, cause: String(error.cause ?? "") })
    const content = failureText(error, ctx.requestId)
    const outcomes = await Promise.allSettled([
      // What was deferred as an update is the message with the component, which others go on using.
      handler.defer === "update"
        ? followUp(ctx.vendors.discord, { token, message: { content, flags: MessageFlags.Ephemeral } })
        : editOriginalResponse(ctx.vendors.discord, { token, message: { content } }),
      noteFailedInteraction(ctx, { id, error: error.message }),
    ])
    for (const outcome of outcomes)
      if (outcome.status === "rejected") ctx.log.error("failure not told", { error: String(outcome.reason) })
  }
}
