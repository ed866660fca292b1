import { reviewStages } from "../../shared/billing/reviewStages.ts"
import { selectDueEventIds } from "../../shared/billing/selectDueEventIds.ts"
import type { Context, IdsQueue } from "../../shared/context.ts"
import { selectDueEmailIds } from "../../shared/email/selectDueEmailIds.ts"
import { selectDueResendEventIds } from "../../shared/email/selectDueResendEventIds.ts"
import { eventRef } from "../../shared/webhooks/eventRef.ts"

/** Bounds of one tick; what is left waits for the next. */
const limits = { events: 5000, emails: 20_000, stages: 500 }

/**
 * Picks up what no queue message took care of: events, mails that have come due, stages that time moves on. Each by
 * itself, so that what fails holds none of the others back; throws at the end when something failed.
 */
export async function sweep(ctx: Context<object, "events" | "emails">): Promise<void> {
  const parts = {
    events: async () => {
      const ids = await selectDueEventIds(ctx, limits.events)
      await queueIds(
        ctx.queues.events,
        ids.map((id) => eventRef("stripe", id)),
      )
      return ids.length
    },
    resendEvents: async () => {
      const ids = await selectDueResendEventIds(ctx, limits.events)
      await queueIds(
        ctx.queues.events,
        ids.map((id) => eventRef("resend", id)),
      )
      return ids.length
    },
    emails: async () => {
      const { ids, openRequests } = await selectDueEmailIds(ctx, limits.emails)
      await queueIds(ctx.queues.emails, ids)
      // A message without ids still makes the sender finish the requests that somebody died over.
      if (openRequests && ids.length === 0) await ctx.queues.emails.send({ ids: [] })
      return ids.length
    },
    stages: () => reviewStages(ctx, limits.stages),
  }
  const done: Record<string, number> = {}
  const errors: unknown[] = []
  for (const [name, part] of Object.entries(parts))
    try {
      done[name] = await part()
    } catch (error) {
      ctx.log.error("part of the sweep failed", { part: name, error: String(error) })
      errors.push(error)
    }
  ctx.log.info("swept", done)
  if (errors.length > 0) throw new AggregateError(errors, "Part of the sweep failed; the next one tries it again.")
}

/** Messages of up to 100 ids, up to 100 messages a call: the limits of Cloudflare Queues. */
async function queueIds(queue: IdsQueue, ids: string[]): Promise<void> {
  const messages = []
  for (let start = 0; start < ids.length; start += 100) messages.push({ body: { ids: ids.slice(start, start + 100) } })
  for (let start = 0; start < messages.length; start += 50) await queue.sendBatch(messages.slice(start, start + 50))
}
