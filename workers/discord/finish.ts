import { type APIInteractionResponse, InteractionResponseType, MessageFlags } from "discord-api-types/v10"
import { toAppError } from "../../shared/errors.ts"
import { settleInteraction } from "../../shared/support/settleInteraction.ts"
import { DiscordError } from "../../shared/vendors/discord/discordError.ts"
import { editOriginalResponse, followUp } from "../../shared/vendors/discord/interactionAnswers.ts"
import type { Act } from "../../shared/vendors/discord/whoActs.ts"
import type { Claimed } from "./claimInTime.ts"
import type { DiscordContext } from "./discordContext.ts"
import { failureText, isTold } from "./failureText.ts"
import type { PutOff } from "./findHandler.ts"
import { giveBack } from "./giveBack.ts"

/** The answer that there will be an answer. */
export const deferral = ({ defer }: Pick<PutOff, "defer">): APIInteractionResponse =>
  defer === "update"
    ? { type: InteractionResponseType.DeferredMessageUpdate }
    : { type: InteractionResponseType.DeferredChannelMessageWithSource, data: { flags: MessageFlags.Ephemeral } }

/** Unknown message, unknown webhook. */
const notThereYet = [10008, 10015]
/** Waits in milliseconds. */
const untilDeferred = [200, 800, 2500]

/** What was put off may be done before Discord has taken in that it is: until then there is no answer to be edited. */
async function onceDeferred(tell: () => Promise<unknown>): Promise<void> {
  for (const wait of [...untilDeferred, null]) {
    try {
      await tell()
      return
    } catch (thrown) {
      if (wait === null || !(thrown instanceof DiscordError && notThereYet.includes(thrown.discordCode))) throw thrown
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
}

/** Does what was put off, once the interaction's id is ours, and tells whoever asked. Never throws. */
export async function finish(ctx: DiscordContext, handler: PutOff, act: Act, claim: Promise<Claimed>): Promise<void> {
  const { id, token } = act
  const { discord } = ctx.vendors
  const started = Date.now()
  let error: string | null = null
  let next: "again" | "staff" | undefined
  let kept = false
  let tell: () => Promise<unknown>
  try {
    if ((await claim) !== true) {
      ctx.log.warn("interaction taken before")
      return
    }
    kept = true
    const message = await handler.finish(ctx)
    tell = async () => message && editOriginalResponse(discord, { token, message })
    ctx.log.info("interaction finished", { milliseconds: Date.now() - started })
  } catch (thrown) {
    const { code, message, cause } = toAppError(thrown)
    ctx.log.error("interaction failed", { code, error: message, cause: String(cause ?? "") })
    error = message
    const again = kept && handler.insists && toAppError(thrown).retry && !isTold(thrown)
    next = isTold(thrown) ? undefined : again ? "again" : "staff"
    const content = again
      ? "We have what you wrote, and something on our side does not work right now. We go on by ourselves in a few minutes."
      : kept || !handler.insists
        ? failureText(thrown, ctx.requestId)
        : `Our database does not answer, so we could not take this. Please send it again later. Reference: ${ctx.requestId}`
    const back = handler.insists && !again ? giveBack(act, content) : { message: { content } }
    // What was deferred as an update is the message with the component, which others go on using.
    tell = () =>
      handler.defer === "update"
        ? followUp(discord, { token, message: { content, flags: MessageFlags.Ephemeral } })
        : editOriginalResponse(discord, { token, ...back })
  }
  const telling = onceDeferred(tell)
  if (error === null && handler.afterwards) {
    await Promise.allSettled([telling])
    try {
      await handler.afterwards(ctx)
    } catch (thrown) {
      error = toAppError(thrown).message
      next = "staff"
      ctx.log.error("interaction failed after it was answered", { error })
    }
  }
  const [told, settled] = await Promise.allSettled([telling, settleInteraction(ctx, { id, error, next })])
  if (told.status === "rejected") ctx.log.error("outcome not told", { error: String(told.reason) })
  if (settled.status === "rejected") ctx.log.error("outcome not kept", { error: String(settled.reason) })
}
