import { Router } from "itty-router"
import { applyStripeEvents } from "../../shared/billing/apply/applyStripeEvents.ts"
import { applyResendEvents } from "../../shared/email/applyResendEvents.ts"
import { toAppError } from "../../shared/errors.ts"
import { createLogger } from "../../shared/log.ts"
import { errorResponse } from "../../shared/runtime/errorResponse.ts"
import { healthResponse } from "../../shared/runtime/health.ts"
import { applyReceivedMails } from "../../shared/support/mail/applyReceivedMails.ts"
import { readEventRefs } from "../../shared/webhooks/eventRef.ts"
import { receiveResend } from "./routes/receiveResend.ts"
import { receiveStripe } from "./routes/receiveStripe.ts"
import { consumerContext, mailContext, receiverContext } from "./webhooksContext.ts"

export { Automations } from "./automations.ts"

const router = Router<Request, [Cloudflare.WebhooksEnv, ExecutionContext]>()
  .get("/health", (_request, env) => healthResponse("webhooks", env))
  .post("/stripe", (request, env, execution) =>
    receiveStripe(request, receiverContext(env), (work) => execution.waitUntil(work)),
  )
  .post("/resend", (request, env, execution) =>
    receiveResend(request, receiverContext(env), (work) => execution.waitUntil(work)),
  )
  .all("*", () =>
    Response.json({ error: { code: "not_found", message: "POST /stripe or POST /resend." } }, { status: 404 }),
  )

export default {
  async fetch(request, env, execution) {
    try {
      return await router.fetch(request, env, execution)
    } catch (thrown) {
      return errorResponse(thrown, createLogger({ worker: "webhooks" }))
    }
  },
  async queue(batch, env) {
    const ctx = consumerContext(env, { kind: "queue", name: batch.queue })
    const started = Date.now()
    const { ids, malformed } = readEventRefs(batch.messages.map(({ body }) => body))
    if (malformed > 0) ctx.log.error("queue messages without ids of events", { malformed })
    try {
      for (let start = 0; start < ids.stripe.length; start += 100) {
        const report = await applyStripeEvents(ctx, { ids: ids.stripe.slice(start, start + 100) })
        ctx.log.info("events applied", { ...report, milliseconds: Date.now() - started })
      }
      for (let start = 0; start < ids.resend.length; start += 100)
        await applyResendEvents(ctx, { ids: ids.resend.slice(start, start + 100) })
      if (ids.resend.length > 0)
        await applyReceivedMails(mailContext(env, { kind: "queue", name: batch.queue }), { ids: ids.resend })
    } catch (thrown) {
      // The events are stored and claimed; the queue or the sweep brings them again once the lease has run out.
      const error = toAppError(thrown)
      ctx.log.error("events not applied", {
        code: error.code,
        error: error.message,
        cause: String(error.cause ?? ""),
        ids: ids.stripe,
      })
      batch.retryAll({ delaySeconds: 60 })
    }
  },
} satisfies ExportedHandler<Cloudflare.WebhooksEnv, unknown>
