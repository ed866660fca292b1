import { reviewStages } from "../../shared/billing/reviewStages.ts"
import { selectDueEventIds } from "../../shared/billing/selectDueEventIds.ts"
import { noteMissedEvents, recoverEvents } from "../../shared/billing/sync/recoverEvents.ts"
import { StripeLimit } from "../../shared/billing/sync/stripeLimit.ts"
import { helpSync, syncHelpers, syncStripe } from "../../shared/billing/sync/syncStripe.ts"
import type { Context, IdsQueue } from "../../shared/context.ts"
import type { CancellationVendors } from "../../shared/crm/cancellation/carryOutCancellation.ts"
import { sweepCancellations } from "../../shared/crm/cancellation/sweepCancellations.ts"
import { announceTrials } from "../../shared/crm/trials/announceTrials.ts"
import { fetchTrials } from "../../shared/crm/trials/fetchTrials.ts"
import { importTrials } from "../../shared/crm/trials/importTrials.ts"
import { closeExpiredTrials, matchTrials } from "../../shared/crm/trials/settleTrials.ts"
import { absorbLeads } from "../../shared/customers/merge/absorbLeads.ts"
import { selectDueEmailIds } from "../../shared/email/selectDueEmailIds.ts"
import { selectDueResendEventIds } from "../../shared/email/selectDueResendEventIds.ts"
import { type JobName, jobDefinition } from "../../shared/monitoring/jobDefinitions.ts"
import { retention } from "../../shared/monitoring/retention.ts"
import type { JobRunner, KnownJob } from "../../shared/monitoring/runJob.ts"
import { announceTickets } from "../../shared/support/announceTickets.ts"
import { selectDueReplies } from "../../shared/support/mail/claimReplies.ts"
import { sweepTickets } from "../../shared/support/sweepTickets.ts"
import { ticketRef } from "../../shared/support/ticketRef.ts"
import type { StripeApi } from "../../shared/vendors/stripe.ts"
import type { StripeLists } from "../../shared/vendors/stripeLists.ts"
import { eventRef } from "../../shared/webhooks/eventRef.ts"

export type JobsContext = Context<
  { stripe: StripeApi & CancellationVendors["stripe"]; lists: StripeLists },
  "events" | "emails" | "jobs" | "tickets"
> & {
  /** Where the trials are fetched from; an empty address: from nowhere. */
  config: { trials: { url: string; token: string } }
}

/** Bounds of one run; what is left waits for the next. */
const limits = { events: 5000, emails: 20_000, replies: 500, stages: 500 }

/** What a run is, by the name of its job. */
export function findJob(name: string): KnownJob<JobsContext> | undefined {
  const definition = jobDefinition(name)
  if (definition) return { runner: runners[definition.name], attempts: definition.attempts }
  return syncHelpers.includes(name) ? { runner: helpSync, attempts: 3, helper: true } : undefined
}

/** Each run has an invocation of its own, with the platform's limits for itself. */
export async function announceRuns(ctx: Context<object, "jobs">, runIds: string[]): Promise<void> {
  if (runIds.length > 0) await ctx.queues.jobs.sendBatch(runIds.map((id) => ({ body: { ids: [id] } })))
}

/** What each job of shared/monitoring/jobDefinitions.ts does. */
export const runners: Record<JobName, JobRunner<JobsContext>> = {
  async emails(ctx) {
    const { ids, openRequests } = await selectDueEmailIds(ctx, limits.emails)
    await queueIds(ctx.queues.emails, ids)
    const replies = await selectDueReplies(ctx, limits.replies)
    await queueIds(
      ctx.queues.emails,
      replies.map((id) => ticketRef("reply", id)),
    )
    // A message without ids still makes the sender finish the requests that somebody died over.
    if (openRequests && ids.length === 0) await ctx.queues.emails.send({ ids: [] })
    return { counts: { queued: ids.length, ...(replies.length > 0 && { replies: replies.length }) } }
  },

  async events(ctx) {
    const stripe = await selectDueEventIds(ctx, limits.events)
    const resend = await selectDueResendEventIds(ctx, limits.events)
    const refs = [...stripe.map((id) => eventRef("stripe", id)), ...resend.map((id) => eventRef("resend", id))]
    await queueIds(ctx.queues.events, refs)
    return { counts: { stripe: stripe.length, resend: resend.length } }
  },

  async stages(ctx) {
    return { counts: { reviewed: await reviewStages(ctx, limits.stages) } }
  },

  async "missed-events"(ctx, part) {
    const limit = new StripeLimit(ctx, ctx.vendors.lists.requestsPerSecond)
    const { read, recovered, cursor } = await recoverEvents(ctx, {
      limit,
      cursor: part.cursor,
      until: part.until,
      keep: (reached, counts) => part.keep({ cursor: reached, counts }),
    })
    if (cursor === null) await noteMissedEvents(ctx, recovered)
    return { counts: { read, recovered }, cursor }
  },

  async trials(ctx) {
    const absorbed = await absorbLeads(ctx)
    const converted = await matchTrials(ctx)
    return { counts: { absorbed, converted, told: await announceTrials(ctx) } }
  },

  async tickets(ctx) {
    const { refs, counts } = await sweepTickets(ctx)
    await queueIds(ctx.queues.tickets, refs)
    const told = await announceTickets(ctx)
    return { counts: { ...counts, ...(told > 0 && { told }) } }
  },

  async "expired-trials"(ctx) {
    const converted = await matchTrials(ctx)
    const closed = await closeExpiredTrials(ctx)
    return { counts: { converted, closed, told: await announceTrials(ctx) } }
  },

  async "trial-sync"(ctx) {
    const { url, token } = ctx.config.trials
    if (url === "") return { counts: { converted: await matchTrials(ctx) } }
    const done = await importTrials(ctx, { bytes: await fetchTrials({ url, token }), source: "trials" })
    const { problems, warning, ...counts } = done
    for (const problem of problems) ctx.log.warn("trial not kept", { ...problem })
    if (warning) ctx.log.warn("trials", { warning })
    return { counts: { ...counts, converted: await matchTrials(ctx) } }
  },

  "stripe-sync": (ctx, part) => syncStripe(ctx, part, (runIds) => announceRuns(ctx, runIds)),

  retention,

  async cancellations(ctx) {
    return { counts: await sweepCancellations(ctx) }
  },
}

/** Messages of up to 100 ids, up to 100 messages a call: the limits of Cloudflare Queues. */
async function queueIds(queue: IdsQueue, ids: string[]): Promise<void> {
  const messages = []
  for (let start = 0; start < ids.length; start += 100) messages.push({ body: { ids: ids.slice(start, start + 100) } })
  for (let start = 0; start < messages.length; start += 50) await queue.sendBatch(messages.slice(start, start + 50))
}
