import type { Context } from "../../context.ts"
import { readTranscript, type Transcript, type TranscriptInput } from "./readTranscript.ts"

/** Of one round trip: few enough that a long transcript is never held as a whole. */
const pageLength = 500

/** Page after page of a whole transcript. */
export async function* transcriptPages(
  ctx: Context,
  input: Pick<TranscriptInput, "ticketId" | "for" | "q">,
): AsyncGenerator<Transcript> {
  let cursor: string | undefined
  do {
    const page = await readTranscript(ctx, { ...input, cursor, limit: pageLength })
    yield page
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
}

/** Text as bytes, made when they are asked for. */
export function streamOf(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await texts.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await texts.return(undefined)
    },
  })
}
