import type { APIInteractionResponse, APIPingInteraction } from "discord-api-types/v10"
import type { Context } from "../../shared/context.ts"
import { AppError, toAppError } from "../../shared/errors.ts"
import { type ClaimedInteraction, claimInteraction } from "../../shared/support/claimInteraction.ts"
import { noteFailedInteraction } from "../../shared/support/noteFailedInteraction.ts"
import type { Interaction } from "../../shared/vendors/discord/readInteraction.ts"
import { failureText } from "./failureText.ts"
import { deferral, finish } from "./finish.ts"
import type { AnswersAtOnce, Defers } from "./handler.ts"
import { notice } from "./notice.ts"
import type { Edge } from "./receiveInteraction.ts"
import { within } from "./within.ts"

/** Discord waits 3 seconds; the way there and back is part of them. */
const answerWithin = 2200

/**
 * Has the handler of that name answer. The interaction's id is taken meanwhile, and nobody gets an answer before it is:
 * Discord sends each interaction once, so whoever sends it again is not Discord and gets 401, not what staff were told.
 */
export async function react<
  Acted extends Exclude<Interaction, APIPingInteraction>,
  Answer extends APIInteractionResponse,
>(
  edge: Edge,
  kind: ClaimedInteraction["kind"],
  name: string,
  handlers: readonly (AnswersAtOnce<Acted, Answer> | Defers<Acted>)[],
  interaction: Acted,
): Promise<APIInteractionResponse> {
  const userId = (interaction.member?.user ?? interaction.user)?.id ?? ""
  const ctx = {
    ...edge.ctx,
    actor: { kind: "discord" as const, userId },
    log: edge.ctx.log.with({ interaction: interaction.id, kind, name, user: userId, requestId: edge.ctx.requestId }),
  }
  const handler = handlers.find((each) => each.name === name)
  if (!handler) {
    ctx.log.warn("interaction that nothing here knows")
    return notice(interaction, `This is not known here (any more): ${kind} "${name}".`)
  }
  const started = Date.now()
  const claim = claimInteraction(ctx, { id: interaction.id, kind, name, userId })
  claim.catch(() => {})
  try {
    if ("defer" in handler) {
      const fresh = await within(claim, answerWithin)
      if (fresh === false) throw replayed()
      edge.waitUntil(finish(ctx, handler, interaction, claim))
      ctx.log.info("interaction put off", { milliseconds: Date.now() - started })
      return deferral(handler)
    }
    const answer = await within(answered(claim, handler.answer(ctx, interaction)), answerWithin)
    if (answer === "late") throw new AppError("internal", `There was no answer within ${answerWithin} ms.`)
    ctx.log.info("interaction answered", { milliseconds: Date.now() - started })
    return answer
  } catch (thrown) {
    const error = toAppError(thrown)
    if (error.code === "unauthenticated") throw error
    ctx.log.error("interaction failed", { code: error.code, error: error.message, cause: String(error.cause ?? "") })
    edge.waitUntil(keepFailure(ctx, interaction.id, error.message))
    return notice(interaction, failureText(error, ctx.requestId))
  }
}

async function answered<Answer>(claim: Promise<boolean>, answer: Promise<Answer>): Promise<Answer> {
  // Whoever repeats a request learns nothing of what came of it, not even that it failed.
  answer.catch(() => {})
  if (!(await claim)) throw replayed()
  return answer
}

const replayed = () => new AppError("unauthenticated", "This interaction has been taken before.")

const keepFailure = (ctx: Context, id: string, error: string) =>
  noteFailedInteraction(ctx, { id, error }).catch((thrown: unknown) => {
    ctx.log.error("failure not kept", { error: String(thrown) })
  })
