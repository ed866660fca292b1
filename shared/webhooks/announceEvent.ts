import type { Context } from "../context.ts"

/** Milliseconds that a stored event waits for others to share its queue message: operations are what a queue costs. */
const gatherFor = 20
/** A flush older than this died with its request; the next event takes over. */
const lostAfter = 1000
/** Ids a message: far below the 128 KB that a message may hold. */
const messageSize = 100

let waiting: string[] = []
let flushingSince: number | null = null

/**
 * Tells the queue that events are stored. Those that arrive in the same isolate at about the same time share a message and a line of the log.
 * Nothing depends on it: what the queue never hears of, the sweep finds.
 */
export function announceEvent(
  ctx: Context<object, "events">,
  ref: string,
  waitUntil: (work: Promise<unknown>) => void,
): void {
  waiting.push(ref)
  const now = Date.now()
  if (flushingSince !== null && now - flushingSince < lostAfter) return
  flushingSince = now
  waitUntil(flush(ctx))
}

async function flush(ctx: Context<object, "events">): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, gatherFor))
  const refs = waiting
  waiting = []
  flushingSince = null
  ctx.log.info("events received", { events: refs })
  try {
    for (let start = 0; start < refs.length; start += messageSize)
      await ctx.queues.events.send({ ids: refs.slice(start, start + messageSize) })
  } catch (error) {
    ctx.log.warn("queue down; the sweep will apply them", { events: refs, error: String(error) })
  }
}
