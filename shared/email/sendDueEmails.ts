import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import type { ResendApi, SendResult } from "../vendors/resend.ts"
import { claimEmails } from "./claimEmails.ts"
import { createRenderer } from "./createRenderer.ts"
import { freezeEmails } from "./freezeEmails.ts"
import type { SenderConfig } from "./frozenMessage.ts"
import { loadEmailCases } from "./loadEmailCases.ts"
import { claimOpenRequest, type FrozenRequest, keyLifeMilliseconds } from "./openRequests.ts"
import { recordResult } from "./recordResult.ts"

export interface SendReport {
  requests: number
  emails: number
  paused: boolean
}

type SenderContext = Context<{ resend: ResendApi }>

/**
 * Sends what is due: first the requests that nobody finished, then new ones of up to 100 mails, until nothing of `ids`
 * (of everything, without them) is due or `maxRequests` went out. Per request: claim, load, freeze, send, record.
 */
export async function sendDueEmails(
  ctx: SenderContext,
  input: { ids?: string[]; maxRequests: number; config: SenderConfig },
): Promise<SendReport> {
  const report: SendReport = { requests: 0, emails: 0, paused: await isPaused(ctx) }
  const renderer = createRenderer()
  let mayBeOpen = true
  while (!report.paused && report.requests < input.maxRequests) {
    const open: FrozenRequest | null = mayBeOpen ? await claimOpenRequest(ctx) : null
    mayBeOpen = open !== null
    if (open) {
      await dispatch(ctx, open, report)
      continue
    }
    const claimed = await claimEmails(ctx, input.ids ?? null)
    if (claimed.length === 0) break
    const loaded = await loadEmailCases(ctx, claimed)
    const request = await freezeEmails(ctx, { ...loaded, renderer, config: input.config })
    // A batch that was refused as a whole leaves its mails open, each by itself.
    if (request) mayBeOpen = (await dispatch(ctx, request, report)) === "rejected"
  }
  return report
}

async function dispatch(ctx: SenderContext, request: FrozenRequest, report: SendReport): Promise<SendResult["kind"]> {
  const expired = ctx.now().getTime() - request.firstAttemptAt.getTime() > keyLifeMilliseconds
  const { result, attempts } = expired
    ? { result: theKeyHasExpired, attempts: request.attempts }
    : await sendAtOnce(ctx, request)
  await recordResult(ctx, { ...request, attempts }, result)
  report.requests++
  if (result.kind === "accepted") report.emails += result.items.filter((item) => "id" in item).length
  report.paused = result.kind === "paused"
  return result.kind
}

const theKeyHasExpired: SendResult = {
  kind: "retry",
  reason: "the key has expired",
  afterSeconds: 0,
  maybeAccepted: true,
}

/** What Resend asks to repeat within seconds is repeated at once, a few times and within the request's lease. */
const repeatsAtOnce = 3
const soonSeconds = 5
const repeatWithinMilliseconds = 30_000

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

async function isPaused(ctx: Context): Promise<boolean> {
  const found = await ctx.db.execute(
    sql`select from sender_state where id = 'resend' and paused_until > ${ctx.now().toISOString()}`,
  )
  return found.rowCount > 0
}
