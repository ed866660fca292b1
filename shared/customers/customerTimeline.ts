import { type SQL, sql } from "drizzle-orm"
import * as z from "zod/mini"
import { isInstant } from "../db/isInstant.ts"

export interface TimelineLine {
  kind: string
  at: Date
  data: Record<string, unknown>
  source: string
  sourceId: string | null
}

export interface TimelinePage {
  lines: TimelineLine[]
  /** Where older lines begin; null when there are none. */
  next: string | null
}

const pageSize = 30

const cursorShape = z.tuple([z.string().check(z.refine(isInstant)), z.string().check(z.regex(/^\d{1,18}$/))])

/** One page of a customer's timeline, newest first, of one kind if told. `before` is the `next` of the page above. */
export function selectTimeline(input: { id: string; timelineKind?: string; before?: string }): SQL {
  const { id, timelineKind, before } = input
  const conditions = [sql`customer_id = ${id}`]
  if (timelineKind) conditions.push(sql`kind = ${timelineKind}`)
  const cursor = readCursor(before)
  if (cursor) conditions.push(sql`(occurred_at, id) < (${cursor[0]}::timestamptz, ${cursor[1]}::bigint)`)
  return sql`
    select id, kind, to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, data, source, source_id
    from timeline_entries where ${sql.join(conditions, sql` and `)}
    order by occurred_at desc, id desc limit ${pageSize + 1}`
}

export function timelineOf(rows: Record<string, unknown>[]): TimelinePage {
  const shown = rows.slice(0, pageSize)
  const last = shown.at(-1)
  return {
    lines: shown.map((row) => ({
      kind: String(row.kind),
      at: new Date(String(row.at)),
      data: typeof row.data === "object" && row.data !== null ? { ...row.data } : {},
      source: String(row.source),
      sourceId: typeof row.source_id === "string" ? row.source_id : null,
    })),
    next: rows.length > pageSize && last ? JSON.stringify([last.at, String(last.id)]) : null,
  }
}

function readCursor(before: string | undefined): [string, string] | null {
  if (!before) return null
  try {
    return cursorShape.parse(JSON.parse(before))
  } catch {
    return null
  }
}
