import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import type { ResendApi } from "../vendors/resend.ts"
import { claimEmails } from "./claimEmails.ts"
import { type FrozenRequest, freezeEmails, type SenderConfig } from "./freezeEmails.ts"
import { loadEmailCases } from "./loadEmailCases.ts"
import { claimOpenRequests, keyLifeMilliseconds } from "./openRequests.ts"
import { recordResult } from "./recordResult.ts"

export interface SendReport {
  requests: number
  emails: number
  paused: boolean
}

/** How often a request that Resend asked to repeat soon is repeated at once, within one call. */
const repeatsAtOnce = 3
const soonSeconds = 5

/**
 * Sends what is due: first the requests that nobody finished, then new ones of up to 100 mails, until nothing of `ids`
 * (of everything, without them) is due or `maxRequests` went out. Per request: claim, load, freeze, send, record.
 */
export async function sendDueEmails(
  ctx: Context<{ resend: ResendApi }>,
  input: { ids?: string[]; maxRequests: number; config: SenderConfig },
): Promise<SendReport> {
  const report: SendReport = { requests: 0, emails: 0, paused: await isPaused(ctx) }
  if (report.paused) return report

  for (const request of await claimOpenRequests(ctx, input.maxRequests)) {
    await dispatch(ctx, request, report)
    if (report.paused) return report
  }
  while (report.requests < input.maxRequests && !report.paused) {
    const claimed = await claimEmails(ctx, input.ids ?? null)
    if (claimed.length === 0) break
    const loaded = await loadEmailCases(ctx, claimed)
    const request = await freezeEmails(ctx, { ...loaded, config: input.config })
    if (request) await dispatch(ctx, request, report)
  }
  return report
}

async function dispatch(
  ctx: Context<{ resend: ResendApi }>,
  request: FrozenRequest,
  report: SendReport,
): Promise<void> {
  if (ctx.now().getTime() - request.firstAttemptAt.getTime() > keyLifeMilliseconds)
    return recordResult(ctx, request, { kind: "retry", reason: "the key has expired", afterSeconds: 0 })
  // Everyone in it left their sequence in the meantime.
  if (request.emails.length === 0) return recordResult(ctx, request, { kind: "accepted", items: [] })
  const messages = request.emails.map(({ message }) => message)
  // A single mail goes out under its outbox id, so that the key can be told from the mail.
  const [only] = request.emails
  const key = request.emails.length === 1 && only ? only.id : request.id
  let result = await ctx.vendors.resend.send(messages, key)
  for (
    let repeat = 0;
    repeat < repeatsAtOnce && result.kind === "retry" && result.afterSeconds <= soonSeconds;
    repeat++
  ) {
    await new Promise((resolve) => setTimeout(resolve, result.kind === "retry" ? result.afterSeconds * 1000 : 0))
    result = await ctx.vendors.resend.send(messages, key)
  }
  await recordResult(ctx, request, result)
  report.requests++
  if (result.kind === "accepted") report.emails += result.items.filter((item) => "id" in item).length
  report.paused = result.kind === "paused"
}

async function isPaused(ctx: Context): Promise<boolean> {
  const found = await ctx.db.execute(
    sql`select from sender_state where id = 'resend' and paused_until > ${ctx.now().toISOString()}`,
  )
  return found.rowCount > 0
}
