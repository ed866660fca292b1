import * as z from "zod/mini"
import { dryRunEvent } from "../../shared/automation/dryRunEvent.ts"
import { dryRunAnswer, dryRunRequest } from "../../shared/automation/dryRunService.ts"
import { checkEnv } from "../../shared/env.ts"
import { toAppError } from "../../shared/errors.ts"
import { createLogger } from "../../shared/log.ts"
import { createContext } from "../../shared/runtime/createContext.ts"

/** The dry run that another Worker asks for in the name of a staff member. Never throws. */
export async function answerDryRun(env: object, request: unknown): Promise<z.input<typeof dryRunAnswer>> {
  const started = Date.now()
  const read = dryRunRequest.safeParse(request)
  if (!read.success)
    return { error: { code: "bad_request", message: `The request does not fit: ${z.prettifyError(read.error)}` } }
  const { actor, requestId, eventId, rule } = read.data
  const log = createLogger({ worker: "webhooks", requestId, eventId })
  try {
    const ctx = createContext({
      worker: "webhooks",
      env: checkEnv("webhooks", env),
      actor,
      vendors: {},
      queues: {},
      requestId,
    })
    const run = await dryRunEvent(ctx, { eventId, rule })
    log.info("event tried", { milliseconds: Date.now() - started })
    return z.encode(dryRunAnswer, { run })
  } catch (thrown) {
    const { code, message, stack } = toAppError(thrown)
    if (code === "forbidden" || code === "not_found") {
      log.warn("event not tried", { code, error: message })
      return { error: { code, message } }
    }
    log.error("event not tried", { code, error: message, stack })
    return { error: { code: "internal", message } }
  }
}
