import type { Context } from "../context.ts"
import type { ResendApi, SendResult } from "../vendors/resend.ts"
import { type FrozenRequest, keyLifeMilliseconds } from "./openRequests.ts"
import { recordResult } from "./recordResult.ts"

type SenderContext = Context<{ resend: ResendApi }>

/** What Resend asks to repeat within seconds is repeated at once, a few times and within the request's lease. */
const repeatsAtOnce = 3
const soonSeconds = 5
const repeatWithinMilliseconds = 30_000

/** Sends a frozen request as it stands and writes down what became of it. */
export async function dispatchRequest(
  ctx: SenderContext,
  request: FrozenRequest,
): Promise<{ kind: SendResult["kind"]; sent: number }> {
  const expired = ctx.now().getTime() - request.firstAttemptAt.getTime() > keyLifeMilliseconds
  const { result, attempts } = expired
    ? { result: keyHasExpired, attempts: request.attempts }
    : await sendAtOnce(ctx, request)
  await recordResult(ctx, { ...request, attempts }, result)
  const sent = result.kind === "accepted" ? result.items.filter((item) => "id" in item).length : 0
  return { kind: result.kind, sent }
}

const keyHasExpired: SendResult = {
  kind: "retry",
  reason: "the key has expired",
  afterSeconds: 0,
  maybeAccepted: true,
}

async function sendAtOnce(
  ctx: SenderContext,
  request: FrozenRequest,
): Promise<{ result: SendResult; attempts: number }> {
  const started = Date.now()
  const messages = request.emails.map(({ message }) => message)
  let { attempts } = request
  for (let repeats = 0; ; repeats++) {
    const result = await ctx.vendors.resend.send(messages, request.id)
    const again =
      result.kind === "retry" &&
      result.afterSeconds <= soonSeconds &&
      repeats < repeatsAtOnce &&
      Date.now() - started < repeatWithinMilliseconds
    if (!again) return { result, attempts }
    // From now on Resend may have it, as after a takeover.
    if (result.maybeAccepted) attempts = Math.max(attempts, 2)
    await new Promise((resolve) => setTimeout(resolve, result.afterSeconds * 1000))
  }
}
