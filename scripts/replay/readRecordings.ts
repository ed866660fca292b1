import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import path from "node:path"

export interface Recording {
  file: string
  event: Record<string, unknown>
  /** The id it was recorded under, where another recording of other content has the same. */
  sharedId: string | null
}

/** Events from JSON files (an event or an array of them), line-delimited files, and folders of such. */
export function readRecordings(places: string[]): Recording[] {
  const missing = places.filter((place) => !existsSync(place))
  if (missing.length > 0) throw new Error(`there is no file or folder ${missing.join(", ")}`)
  const files = places.flatMap((place) =>
    statSync(place).isDirectory()
      ? readdirSync(place)
          .filter((name) => /\.(json|jsonl|ndjson)$/.test(name))
          .sort()
          .map((name) => path.join(place, name))
      : [place],
  )
  const recordings = files.flatMap((file) => readFile(file).map((event) => ({ file, event, sharedId: null })))
  return withDistinctIds(recordings)
}

function readFile(file: string): Record<string, unknown>[] {
  const text = readFileSync(file, "utf8")
  try {
    const parsed: unknown = /\.(jsonl|ndjson)$/.test(file)
      ? text
          .split("\n")
          .filter((line) => line.trim() !== "")
          .map((line) => JSON.parse(line))
      : JSON.parse(text)
    const events: unknown[] = Array.isArray(parsed) ? parsed : [parsed]
    return events.map((event) => {
      if (typeof event !== "object" || event === null || !("id" in event) || !("type" in event))
        throw new Error("it holds something that is not an event of Stripe")
      return { ...event }
    })
  } catch (error) {
    throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Stripe never gives two events one id, but recordings are sometimes made that way: each content then gets its own. */
function withDistinctIds(recordings: Recording[]): Recording[] {
  const contents = Map.groupBy(recordings, ({ event }) => String(event.id))
  return recordings.map((recording) => {
    const id = String(recording.event.id)
    const digests = new Set((contents.get(id) ?? []).map(({ event }) => digest(event)))
    if (digests.size < 2) return recording
    return { ...recording, sharedId: id, event: { ...recording.event, id: `${id}_${digest(recording.event)}` } }
  })
}

const digest = (event: object) => createHash("sha256").update(JSON.stringify(event)).digest("hex").slice(0, 8)
