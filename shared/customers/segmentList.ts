import { type SQL, sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { AppError } from "../errors.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { type CustomerChoices, customerChoices, readChoices } from "./customerChoices.ts"
import { type SegmentCondition, segmentCondition } from "./segmentCondition.ts"
import { segmentSql } from "./segmentSql.ts"

/** Above it a size is "10,000+": counting stops there. */
export const mostCounted = 10_000

export interface Segment {
  id: string
  name: string
  condition: SegmentCondition
  version: number
  updatedAt: Date
  updatedBy: string
}

/** Each has its size counted, some 10 ms of a hundred thousand customers. */
const pageSize = 10

const columns: SQL = sql`id, name, condition, version, updated_at, coalesce(updated_by_label, updated_by) as updated_by`

const segmentOf = (row: Record<string, unknown>): Segment => ({
  id: String(row.id),
  name: String(row.name),
  condition: segmentCondition.parse(row.condition),
  version: Number(row.version),
  updatedAt: new Date(String(row.updated_at)),
  updatedBy: String(row.updated_by),
})

/** One more than `mostCounted` where there are more. */
const sizeOf = (condition: SegmentCondition): SQL => sql`
  select count(*)::int as size from (
    select from customers c where c.deleted_at is null and ${segmentSql(condition)} limit ${mostCounted + 1}) as counted`

/** One page of segments by name, each with its size, and what their conditions choose from. */
export async function listSegments(
  ctx: Context,
  input: { after?: string | undefined },
): Promise<{ segments: (Segment & { size: number })[]; next: string | null; choices: CustomerChoices }> {
  requirePermission(ctx, "customers:read")
  const cursor = readCursor(input.after)
  const [page, ...choices] = await batch(ctx.db, [
    sql`select ${columns} from segments
      where ${cursor ? sql`(lower(name), id) > (lower(${cursor[0]}), ${cursor[1]}::uuid)` : sql`true`}
      order by lower(name), id limit ${pageSize + 1}`,
    ...customerChoices(),
  ])
  const rows = (page?.rows ?? []).map(segmentOf)
  const shown = rows.slice(0, pageSize)
  const last = shown.at(-1)
  const sizes = await batch(
    ctx.db,
    shown.map(({ condition }) => sizeOf(condition)),
  )
  return {
    segments: shown.map((each, index) => ({ ...each, size: Number(sizes[index]?.rows[0]?.size ?? 0) })),
    next: rows.length > pageSize && last ? JSON.stringify([last.name, last.id]) : null,
    choices: readChoices(choices),
  }
}

/** What an editor needs: a kept segment, if there is one, what there is to choose from, and the size of a draft. */
export async function editSegment(
  ctx: Context,
  input: { id?: string | undefined; draft?: SegmentCondition | undefined },
): Promise<{ segment: Segment | null; choices: CustomerChoices; size: number | null }> {
  requirePermission(ctx, "customers:read")
  const { id, draft } = input
  const [kept, size, ...choices] = await batch(ctx.db, [
    sql`select ${columns} from segments where id = ${id ?? null}::uuid`,
    draft ? sizeOf(draft) : sql`select null as size`,
    ...customerChoices(),
  ])
  if (id && !kept?.rows[0]) throw new AppError("not_found", "There is no such segment.")
  const counted = size?.rows[0]?.size
  return {
    segment: kept?.rows[0] ? segmentOf(kept.rows[0]) : null,
    choices: readChoices(choices),
    size: typeof counted === "number" ? counted : null,
  }
}

const cursorShape = z.tuple([z.string().check(z.maxLength(200)), z.uuid()])

/** A cursor that somebody has tampered with begins anew. */
function readCursor(after: string | undefined): [string, string] | null {
  if (!after) return null
  try {
    return cursorShape.parse(JSON.parse(after))
  } catch {
    return null
  }
}
