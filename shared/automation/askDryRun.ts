import type * as z from "zod/mini"
import type { Actor, Context } from "../context.ts"
import { AppError } from "../errors.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { type DryRunService, dryRunAnswer, type EventDryRun } from "./dryRunService.ts"
import type { Rule } from "./ruleSchema.ts"

const patienceMs = 10_000

/**
 * A dry run of an event with `rule`, as `dryRunEvent` does it, asked of the Worker that has what reads events. Throws what
 * that throws, and `vendor_unavailable` where there is no answer.
 */
export async function askDryRun(
  ctx: Pick<Context, "requestId" | "log"> & { actor: Extract<Actor, { kind: "staff" }> },
  input: { service: DryRunService; eventId: string; rule: Rule },
): Promise<EventDryRun> {
  requirePermission(ctx, "automations:read")
  const { service, eventId, rule } = input
  const { kind, id, email, name, role } = ctx.actor
  const request = { actor: { kind, id, email, name, role }, requestId: ctx.requestId, eventId, rule }
  let answer: z.output<typeof dryRunAnswer>
  try {
    answer = dryRunAnswer.parse(await inTime(service, request))
  } catch (cause) {
    ctx.log.error("dry run not answered", { requestId: ctx.requestId, eventId, error: String(cause) })
    throw new AppError(
      "vendor_unavailable",
      "The Worker that tries rules (webhooks) does not answer. Nothing is lost: the rule can be saved, and tried in a few minutes.",
      { cause },
    )
  }
  if ("error" in answer) throw new AppError(answer.error.code, answer.error.message)
  return answer.run
}

async function inTime(service: DryRunService, request: Parameters<DryRunService["dryRunEvent"]>[0]) {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs} ms`)), patienceMs)
  try {
    return await Promise.race([service.dryRunEvent(request), late])
  } finally {
    clearTimeout(timer)
  }
}
