import { verifyStripeWebhook } from "../../../shared/vendors/stripeWebhook.ts"
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

  const fields = { event: envelope.id, type: envelope.type, outcome }
  if (outcome === "refused") ctx.log.warn("stripe event refused", { ...fields, reason: refusal })
  else ctx.log.info("stripe event received", fields)
  if (outcome === "stored")
    waitUntil(
      ctx.queues.events
        .send({ ids: [eventRef("stripe", envelope.id)] })
        .catch((error: unknown) =>
          ctx.log.warn("queue down; the sweep will apply it", { ...fields, error: String(error) }),
        ),
    )
  return Response.json({ received: true, outcome, reason: refusal ?? undefined })
}
