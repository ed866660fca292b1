import { noteDeadLetters } from "../../shared/email/noteDeadLetters.ts"
import { sendDueEmails } from "../../shared/email/sendDueEmails.ts"
import { createLinkSigner } from "../../shared/email/unsubscribeToken.ts"
import { checkEnv } from "../../shared/env.ts"
import { toAppError } from "../../shared/errors.ts"
import { r2FileStore } from "../../shared/files/r2FileStore.ts"
import { createContext } from "../../shared/runtime/createContext.ts"
import { healthResponse } from "../../shared/runtime/health.ts"
import { queuedIds } from "../../shared/runtime/queuedIds.ts"
import { sendMailReplies } from "../../shared/support/mail/sendMailReplies.ts"
import { readTicketRefs } from "../../shared/support/ticketRef.ts"
import { createResend } from "../../shared/vendors/resend.ts"

/** Requests to Resend within one queue batch; the sweep brings what is left. */
const maxRequests = 50

export default {
  fetch(request, env) {
    if (new URL(request.url).pathname === "/health") return healthResponse("email", env)
    return Response.json({ error: { code: "not_found", message: "Mails come by the queue." } }, { status: 404 })
  },
  async queue(batch, env) {
    const checked = checkEnv("email", env)
    const ctx = createContext({
      worker: "email",
      env: checked,
      actor: { kind: "queue", name: batch.queue },
      vendors: {
        resend: createResend({ apiKey: checked.RESEND_API_KEY, apiBase: checked.RESEND_API_BASE }),
        files: r2FileStore(env.FILES),
      },
      queues: {},
    })
    const bodies = batch.messages.map(({ body }) => body)
    const ids = queuedIds(bodies)
    const refs = bodies.flatMap(readTicketRefs)
    const replies = queuedIds([{ ids: refs.filter(({ kind }) => kind === "reply").map(({ id }) => id) }])
    try {
      if (batch.queue === "emails-dead") return await noteDeadLetters(ctx, { ids })
      if (replies.length > 0)
        ctx.log.info("answers to tickets sent", { ...(await sendMailReplies(ctx, { ids: replies })) })
      if (replies.length > 0 && ids.length === 0) return
      const config = { portalUrl: checked.PORTAL_URL, signer: await createLinkSigner(checked.LINK_SECRET) }
      const report = await sendDueEmails(ctx, { ids, maxRequests, config })
      ctx.log.info("mails sent", { ...report, ids: ids.length })
    } catch (thrown) {
      // Whatever was claimed or frozen is taken over once its lease has run out; the rows are the truth, not the message.
      const error = toAppError(thrown)
      ctx.log.error("mails not sent", { code: error.code, error: error.message, cause: String(error.cause ?? "") })
      batch.retryAll({ delaySeconds: 60 })
    }
  },
} satisfies ExportedHandler<Cloudflare.EmailEnv, unknown>
