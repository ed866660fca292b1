import { verifyStripeWebhook } from "../../../shared/vendors/stripeWebhook.ts"
import { announceEvent } from "../../../shared/webhooks/announceEvent.ts"
import { eventRef } from "../../../shared/webhooks/eventRef.ts"
import { readBody } from "../../../shared/webhooks/readBody.ts"
import { refusalReason, storeStripeEvent } from "../../../shared/webhooks/storeStripeEvent.ts"
import { parseStripeEnvelope } from "../../../shared/webhooks/stripeEnvelope.ts"
import type { ReceiverContext } from "../webhooksContext.ts"

/** Stripe's events stay far below this. */
const bodyLimit = 1024 * 1024

/** Verify, store, acknowledge: one database round trip. Applying is the queue's, and the sweep's should the queue fail. */
export async function receiveStripe(
  request: Request,
  ctx: ReceiverContext,
  waitUntil: (work: Promise<unknown>) => void,
): Promise<Response> {
  const body = await readBody(request, bodyLimit)
  const { secrets, livemode, account } = ctx.config.stripe
  const signature = request.headers.get("stripe-signature")
  const parsed = await verifyStripeWebhook({ body, signature, secrets, now: ctx.now() })
  const envelope = parseStripeEnvelope(parsed, livemode)
  const refusal = refusalReason(envelope, { livemode, account })
  const outcome = await storeStripeEvent(ctx, { envelope, body, refusal })

  const fields = { event: envelope.id, type: envelope.type }
  if (outcome === "stored") announceEvent(ctx, eventRef("stripe", envelope.id), waitUntil)
  else if (outcome === "refused") ctx.log.warn("stripe event refused", { ...fields, reason: refusal })
  else ctx.log.info("stripe event received again", fields)
  return Response.json({ received: true, outcome, reason: refusal ?? undefined })
}
