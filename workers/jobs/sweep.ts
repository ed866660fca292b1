import { reviewStages } from "../../shared/billing/reviewStages.ts"
import { selectDueEventIds } from "../../shared/billing/selectDueEventIds.ts"
import type { Context, IdsQueue } from "../../shared/context.ts"
import { selectDueEmailIds } from "../../shared/email/selectDueEmailIds.ts"
import { selectDueResendEventIds } from "../../shared/email/selectDueResendEventIds.ts"
import { eventRef } from "../../shared/webhooks/eventRef.ts"

/** Bounds of one tick; what is left waits for the next. */
const limits = { events: 5000, emails: 20_000, stages: 500 }

/** Picks up what no queue message took care of: events, mails that have come due, stages that time moves on. */
export async function sweep(ctx: Context<object, "events" | "emails">): Promise<void> {
  const events = await selectDueEventIds(ctx, limits.events)
  await queueIds(
    ctx.queues.events,
    events.map((id) => eventRef("stripe", id)),
  )
  const resendEvents = await selectDueResendEventIds(ctx, limits.events)
  await queueIds(
    ctx.queues.events,
    resendEvents.map((id) => eventRef("resend", id)),
  )
  const emails = await selectDueEmailIds(ctx, limits.emails)
  await queueIds(ctx.queues.emails, emails.ids)
  // A message without ids still makes the sender finish the requests that somebody died over.
  if (emails.openRequests && emails.ids.length === 0) await ctx.queues.emails.send({ ids: [] })
  const stages = await reviewStages(ctx, limits.stages)
  ctx.log.info("swept", { events: events.length, resendEvents: resendEvents.length, emails: emails.ids.length, stages })
}

/** Messages of up to 100 ids, up to 100 messages a call: the limits of Cloudflare Queues. */
async function queueIds(queue: IdsQueue, ids: string[]): Promise<void> {
  const messages = []
  for (let start = 0; start < ids.length; start += 100) messages.push({ body: { ids: ids.slice(start, start + 100) } })
  for (let start = 0; start < messages.length; start += 50) await queue.sendBatch(messages.slice(start, start + 50))
}
