import { toAppError } from "../../errors.ts"
import { interpretEvent } from "../events/interpretEvent.ts"
import { list, type Payload, requiredText } from "../stripe/read.ts"
import type { Lookups } from "./lookups.ts"
import type { ReadBatch } from "./readClaimed.ts"

/** Stripe cuts lists inside an event at ten entries: reads them whole and reads the event anew with them. */
export async function completeLists(batch: ReadBatch, lookups: Lookups): Promise<void> {
  await Promise.all(
    batch.items.map(async (item) => {
      for (const { field, path } of item.says.truncated) {
        try {
          const whole = await wholeList(path, lookups)
          if (whole === null) continue
          const object = { ...item.event.object, [field]: { data: whole, has_more: false } }
          item.event = { ...item.event, object }
          const interpreted = interpretEvent(item.event)
          if (interpreted.relevant) item.says = interpreted.says
        } catch (thrown) {
          batch.outcomes.set(item.event.id, { status: "failing", error: toAppError(thrown) })
        }
      }
    }),
  )
  batch.items = batch.items.filter((item) => !batch.outcomes.has(item.event.id))
}

/** Pages of a hundred that are read at most: more lines than any invoice of Stripe has. */
const pagesAtMost = 50

/** Every entry of a list, page by page; null where Stripe does not have it. */
async function wholeList(path: string, lookups: Lookups): Promise<Payload[] | null> {
  const entries: Payload[] = []
  let next = path
  for (let page = 0; page < pagesAtMost; page++) {
    const found = await lookups.retrieve(next)
    if (found === null) return null
    if (found instanceof Error) throw found
    const data = list(found.object, "data")
    entries.push(...data)
    const last = data.at(-1)
    if (found.object.has_more !== true || !last) break
    next = `${path}&starting_after=${encodeURIComponent(requiredText(last, "id"))}`
  }
  return entries
}
