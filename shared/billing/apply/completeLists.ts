import { toAppError } from "../../errors.ts"
import { interpretEvent } from "../events/interpretEvent.ts"
import { list } from "../stripe/read.ts"
import type { Lookups } from "./lookups.ts"
import type { ReadBatch } from "./readClaimed.ts"

/** Stripe cuts lists inside an event at ten entries: reads them whole and reads the event anew with them. */
export async function completeLists(batch: ReadBatch, lookups: Lookups): Promise<void> {
  await Promise.all(
    batch.items.map(async (item) => {
      for (const { field, path } of item.says.truncated) {
        const found = await lookups.retrieve(path)
        if (found === null) continue
        try {
          if (found instanceof Error) throw found
          const object = { ...item.event.object, [field]: { data: list(found.object, "data"), has_more: false } }
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
