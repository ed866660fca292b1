import { storeResendEvent } from "../../../shared/email/storeResendEvent.ts"
import { verifyResendWebhook } from "../../../shared/vendors/resendWebhook.ts"
import { announceEvent } from "../../../shared/webhooks/announceEvent.ts"
import { eventRef } from "../../../shared/webhooks/eventRef.ts"
import { readBody } from "../../../shared/webhooks/readBody.ts"
import type { ReceiverContext } from "../webhooksContext.ts"

const bodyLimit = 1024 * 1024

/** Verify, store, acknowledge, as for Stripe; `svix-id` is the key. */
export async function receiveResend(
  request: Request,
  ctx: ReceiverContext,
  waitUntil: (work: Promise<unknown>) => void,
): Promise<Response> {
  const text = await readBody(request, bodyLimit)
  const { svixId, body } = verifyResendWebhook({
    body: text,
    headers: request.headers,
    secrets: ctx.config.resend.secrets,
  })
  const outcome = await storeResendEvent(ctx, { svixId, body, text })
  if (outcome === "stored") announceEvent(ctx, eventRef("resend", svixId), waitUntil)
  else ctx.log.info("resend event received again", { event: svixId })
  return Response.json({ received: true, outcome })
}
