import type { Context } from "../../context.ts"
import type { Reader } from "./readTranscript.ts"
import { streamOf, transcriptPages } from "./transcriptPages.ts"

/** The whole transcript as JSON, sent while it is being read. Throws `not_found` before the first byte. */
export async function transcriptJson(
  ctx: Context,
  input: { ticketId: string; for: Reader },
): Promise<ReadableStream<Uint8Array>> {
  const pages = transcriptPages(ctx, input)
  const first = await pages.next()
  return streamOf(texts())

  async function* texts() {
    let comma = ""
    for (let page = first; !page.done; page = await pages.next()) {
      if (page === first) yield `{"ticket":${JSON.stringify(page.value.ticket)},"entries":[`
      for (const entry of page.value.entries) {
        const { cursorAt: _, ...shown } = entry
        yield `${comma}\n${JSON.stringify(shown)}`
        comma = ","
      }
    }
    yield "\n]}\n"
  }
}
