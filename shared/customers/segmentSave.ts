import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { jsonb } from "../db/bulk.ts"
import { sqlState } from "../db/sqlState.ts"
import { AppError } from "../errors.ts"
import { actorLabel } from "../staff/actorLabel.ts"
import { actorName } from "../staff/actorName.ts"
import { auditEntry } from "../staff/auditEntry.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { comparisonsOf, lintComparison, type SegmentCondition, segmentCondition } from "./segmentCondition.ts"

const segment = z.object({
  id: z.uuid(),
  name: z.string().check(z.normalize("NFC"), z.trim(), z.minLength(1), z.maxLength(80), z.regex(/^[^\p{Cc}\p{Cs}]*$/u)),
})

/**
 * Keeps a segment, new or changed. `seenVersion` is the version that the writer saw, 0 for a new one. Throws
 * `bad_request` for what cannot be meant, `conflict` for a name that is taken or when another version is kept by now.
 */
export async function saveSegment(
  ctx: Context,
  input: { id: string; name: string; condition: SegmentCondition; seenVersion: number },
): Promise<void> {
  requirePermission(ctx, "segments:write")
  const read = segment.safeParse(input)
  if (!read.success) throw new AppError("bad_request", "A segment needs a name of up to 80 characters.")
  const { id, name } = read.data
  const { seenVersion } = input
  const condition = readSegmentCondition(input.condition)
  const now = ctx.now().toISOString()
  const before = sql`(select jsonb_build_object('name', name, 'condition', condition) from segments where id = ${id})`
  const audit = auditEntry(ctx, {
    action: "segment.saved",
    subject: { type: "segment", id },
    before,
    after: { name, condition },
    where: sql`exists (select from saved)`,
  })
  try {
    const done = await ctx.db.execute<{ kept: boolean }>(sql`
      with saved as (
        insert into segments as s (id, name, condition, created_at, updated_at, updated_by, updated_by_label)
        select ${id}::uuid, ${name}, ${jsonb(condition)}, ${now}::timestamptz, ${now}::timestamptz, ${actorName(ctx.actor)}, ${actorLabel(ctx.actor)}
        where ${seenVersion}::integer = 0 or exists (select from segments where id = ${id})
        on conflict (id) do update set name = excluded.name, condition = excluded.condition, version = s.version + 1,
          updated_at = excluded.updated_at, updated_by = excluded.updated_by, updated_by_label = excluded.updated_by_label
          where s.version = ${seenVersion}::integer and (s.name, s.condition) is distinct from (excluded.name, excluded.condition)
        returning s.id),
      audited as (${audit})
      select exists (select from saved)
        or exists (select from segments where id = ${id} and name = ${name} and condition = ${jsonb(condition)}) as kept`)
    if (!done.rows[0]?.kept)
      throw new AppError(
        "conflict",
        "Somebody else has changed this segment since you opened it. Open it again to see their version.",
      )
  } catch (thrown) {
    if (sqlState(thrown) === "23505") throw new AppError("conflict", `There is a segment "${name}" already.`)
    throw thrown
  }
}

/** Throws `bad_request` with every reason. */
export function readSegmentCondition(condition: unknown): SegmentCondition {
  const read = segmentCondition.safeParse(condition)
  if (!read.success)
    throw new AppError(
      "bad_request",
      "A segment needs between 1 and 20 conditions, each with up to 500 characters, no control characters among them.",
    )
  const problems = comparisonsOf(read.data).flatMap((each) => lintComparison(each) ?? [])
  if (problems.length > 0) throw new AppError("bad_request", problems.join(" "))
  return read.data
}

/** The customers stay as they are. */
export async function deleteSegment(ctx: Context, input: { id: string }): Promise<void> {
  requirePermission(ctx, "segments:write")
  const audit = auditEntry(ctx, {
    action: "segment.deleted",
    subject: { type: "segment", id: input.id },
    before: sql`(select jsonb_build_object('name', name, 'condition', condition) from gone)`,
    where: sql`exists (select from gone)`,
  })
  await ctx.db.execute(sql`
    with gone as (delete from segments where id = ${input.id} returning name, condition) ${audit}`)
}
