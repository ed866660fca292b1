import { type APIInteractionResponse, InteractionType } from "discord-api-types/v10"
import { AppError, toAppError } from "../../shared/errors.ts"
import { claimInteraction } from "../../shared/support/claimInteraction.ts"
import { settleInteraction } from "../../shared/support/settleInteraction.ts"
import { type Act, userIdOf } from "../../shared/vendors/discord/whoActs.ts"
import { actingContext } from "./actingContext.ts"
import { claimInTime } from "./claimInTime.ts"
import { failureText, isTold } from "./failureText.ts"
import { findHandler } from "./findHandler.ts"
import { deferral, finish } from "./finish.ts"
import { notice } from "./notice.ts"
import type { Edge } from "./receiveInteraction.ts"
import { within } from "./within.ts"

/** Discord waits 3 seconds; the way there and back is part of them. */
const answerWithin = 2200

/**
 * Has whoever handles it answer. The interaction's id is taken meanwhile, and nobody gets an answer before it is: Discord
 * sends each interaction once, so whoever sends it again is not Discord and gets 401, not what staff were told.
 */
export async function react(act: Act, edge: Edge): Promise<APIInteractionResponse> {
  const found = findHandler(act, edge.handlers)
  const { kind, name, handler } = found
  const ctx = actingContext(edge.ctx, act, found)
  if (!handler) {
    ctx.log.warn("interaction that nothing here knows")
    return notice(act, `This is not known here (any more): ${kind} "${name}".`)
  }
  const started = Date.now()
  const payload = "defer" in handler ? act : null
  const take = () => claimInteraction(ctx, { id: act.id, kind, name, userId: userIdOf(act), payload })
  const claim = take()
  claim.catch(() => {})
  try {
    if ("defer" in handler) {
      // What was typed is not left with whoever typed it while there is a chance that the database comes back.
      const kept = handler.insists ? claimInTime(claim, take) : claim
      if ((await within(kept, answerWithin)) === false) throw replayed()
      edge.waitUntil(finish(ctx, handler, act, kept))
      ctx.log.info("interaction put off", { milliseconds: Date.now() - started })
      return deferral(handler)
    }
    const answer = await within(answered(claim, handler.answer(ctx)), answerWithin)
    if (answer === "late") throw new AppError("internal", `There was no answer within ${answerWithin} ms.`)
    ctx.log.info("interaction answered", { milliseconds: Date.now() - started })
    return answer
  } catch (thrown) {
    const error = toAppError(thrown)
    if (error.code === "unauthenticated") throw error
    ctx.log.error("interaction failed", { code: error.code, error: error.message, cause: String(error.cause ?? "") })
    const unaided = "defer" in handler || isTold(error) ? null : handler.unaided()
    if (unaided) return unaided
    edge.waitUntil(
      settleInteraction(ctx, { id: act.id, error: error.message, next: leftTo(act, error) }).catch((cause: unknown) => {
        ctx.log.error("failure not kept", { error: String(cause) })
      }),
    )
    const undone = "defer" in handler ? "Nothing of it was done. " : ""
    return notice(act, `${undone}${failureText(error, ctx.requestId)}`)
  }
}

async function answered<Answer>(claim: Promise<boolean>, answer: Promise<Answer>): Promise<Answer> {
  // Whoever repeats a request learns nothing of what came of it, not even that it failed.
  answer.catch(() => {})
  if (!(await claim)) throw replayed()
  return answer
}

const replayed = () => new AppError("unauthenticated", "This interaction has been taken before.")

/** While somebody types nothing is lost: they see no choices, and type on. */
const leftTo = ({ type }: Act, error: AppError) =>
  isTold(error) || type === InteractionType.ApplicationCommandAutocomplete ? undefined : "staff"
