import type { Context } from "../context.ts"

/** Queues mails that are due, after the commit. A message that is lost here is found by the sweep. */
export async function queueEmails(ctx: Context<object, "emails">, ids: string[]): Promise<void> {
  try {
    for (let start = 0; start < ids.length; start += 100)
      await ctx.queues.emails.send({ ids: ids.slice(start, start + 100) })
  } catch (error) {
    ctx.log.warn("mails could not be queued; the sweep will send them", { error: String(error), ids: ids.length })
  }
}
