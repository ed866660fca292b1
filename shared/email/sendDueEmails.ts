import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import type { ResendApi } from "../vendors/resend.ts"
import { claimEmails, requestSize } from "./claimEmails.ts"
import { createRenderer } from "./createRenderer.ts"
import { dispatchRequest } from "./dispatchRequest.ts"
import { freezeEmails } from "./freezeEmails.ts"
import type { SenderConfig } from "./frozenMessage.ts"
import { loadEmailCases } from "./loadEmailCases.ts"
import { claimOpenRequest } from "./openRequests.ts"

export interface SendReport {
  requests: number
  emails: number
  paused: boolean
}

/** Requests prepared and sent side by side, so that a rate limit is used up in spite of the way to the database. */
const mostLanes = 4

/**
 * Sends what is due: first the requests that nobody finished, then new ones of up to 100 mails, until nothing of `ids`
 * (of everything, without them) is due or `maxRequests` went out. Per request: claim, load, freeze, send, record.
 */
export async function sendDueEmails(
  ctx: Context<{ resend: ResendApi }>,
  input: { ids?: string[]; maxRequests: number; config: SenderConfig },
): Promise<SendReport> {
  const report: SendReport = { requests: 0, emails: 0, paused: await isPaused(ctx) }
  const renderer = createRenderer()
  const lanes: Promise<void>[] = []
  let begun = 0
  let mayBeOpen = true
  let mayBeDue = true
  let claims = 0
  const deaths: unknown[] = []

  const dispatch = async (request: Parameters<typeof dispatchRequest>[1]) => {
    const { kind, sent } = await dispatchRequest(ctx, request)
    report.requests++
    report.emails += sent
    if (kind === "paused") report.paused = true
    // A batch that was refused as a whole leaves its mails open, each by itself.
    if (kind === "rejected") mayBeOpen = true
  }

  async function lane(): Promise<void> {
    while (!report.paused && deaths.length === 0 && begun < input.maxRequests && (mayBeOpen || mayBeDue)) {
      begun++
      const look = mayBeOpen
      mayBeOpen = false
      const open = look ? await claimOpenRequest(ctx) : null
      if (open) {
        mayBeOpen = true
        await dispatch(open)
        continue
      }
      const claimed = await claimEmails(ctx, input.ids ?? null)
      claims += claimed.length
      if (claimed.length < requestSize || claims === input.ids?.length) mayBeDue = false
      if (claimed.length === 0) continue
      // There may be more than this lane can take.
      if (mayBeDue && lanes.length < mostLanes) lanes.push(startLane())
      const loaded = await loadEmailCases(ctx, claimed)
      const request = await freezeEmails(ctx, { ...loaded, renderer, config: input.config })
      if (request) await dispatch(request)
    }
  }

  async function startLane(): Promise<void> {
    try {
      await lane()
    } catch (thrown) {
      deaths.push(thrown)
    }
  }

  lanes.push(startLane())
  // A lane may start another one; all of them end before this does, also when one of them dies.
  for (const each of lanes) await each
  if (deaths.length > 0) throw deaths[0]
  return report
}

async function isPaused(ctx: Context): Promise<boolean> {
  const found = await ctx.db.execute(
    sql`select from sender_state where id = 'resend' and paused_until > ${ctx.now().toISOString()}`,
  )
  return found.rowCount > 0
}
