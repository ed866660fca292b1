import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { supportBlocks } from "../../db/schema/support.ts"
import { AppError } from "../../errors.ts"
import { actorLabel } from "../../staff/actorLabel.ts"
import { actorName } from "../../staff/actorName.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import { requirePermission } from "../../staff/requirePermission.ts"

export type SupportBlock = typeof supportBlocks.$inferSelect

const block = z.object({
  subject: z
    .string()
    .check(
      z.trim(),
      z.toLowerCase(),
      z.maxLength(254),
      z.regex(
        /^(\d{17,20}|[^\s@]+@[^\s@]+\.[^\s@]+)$/,
        "Write a Discord user id, 17 to 20 digits, or an e-mail address.",
      ),
    ),
  reason: z.string().check(z.trim(), z.minLength(1, "Say why."), z.maxLength(300)),
  until: z.nullable(z.date()),
})

/**
 * Keeps somebody from opening tickets, until a moment or for good; said again in the same words it changes nothing. What is
 * wrong, by field; null once it is kept.
 */
export async function blockOpener(
  ctx: Context,
  input: { subject: string; reason: string; until: Date | null },
): Promise<Record<string, string> | null> {
  requirePermission(ctx, "tickets:manage")
  const read = block.safeParse(input)
  if (!read.success) return Object.fromEntries(read.error.issues.map(({ path, message }) => [String(path[0]), message]))
  const { subject, until } = read.data
  const reason = read.data.reason.toWellFormed().replaceAll("\0", "")
  if (until && until <= ctx.now()) return { until: "This has passed already." }
  const ends = sql`${until?.toISOString() ?? null}::timestamptz`
  await ctx.db.batch([
    ctx.db.execute(
      auditEntry(ctx, {
        action: "support.blocked",
        subject: { type: "opener", id: subject },
        before: sql`(select to_jsonb(b) from support_blocks b where subject = ${subject})`,
        after: { reason, until },
        where: sql`not exists (
          select from support_blocks where subject = ${subject} and reason = ${reason} and until is not distinct from ${ends})`,
      }),
    ),
    ctx.db.execute(sql`
      insert into support_blocks (subject, reason, until, blocked_at, blocked_by)
      values (${subject}, ${reason}, ${ends}, ${ctx.now().toISOString()}::timestamptz, ${actorLabel(ctx.actor) ?? actorName(ctx.actor)})
      on conflict (subject) do update set reason = excluded.reason, until = excluded.until,
        blocked_at = excluded.blocked_at, blocked_by = excluded.blocked_by
      where (support_blocks.reason, support_blocks.until) is distinct from (excluded.reason, excluded.until)`),
  ])
  return null
}

/** Lets them open tickets again; throws `not_found` where they are not blocked. */
export async function unblockOpener(ctx: Context, { subject }: { subject: string }): Promise<void> {
  requirePermission(ctx, "tickets:manage")
  const [, gone] = await ctx.db.batch([
    ctx.db.execute(
      auditEntry(ctx, {
        action: "support.unblocked",
        subject: { type: "opener", id: subject },
        before: sql`(select to_jsonb(b) from support_blocks b where subject = ${subject})`,
        where: sql`exists (select from support_blocks where subject = ${subject})`,
      }),
    ),
    ctx.db.execute(sql`delete from support_blocks where subject = ${subject}`),
  ])
  if (gone.rowCount === 0) throw new AppError("not_found", `${subject} is not blocked.`)
}

/** Who is blocked, the latest first; blocks that have ended are shown as such. */
export async function listBlocks(ctx: Context): Promise<SupportBlock[]> {
  requirePermission(ctx, "tickets:read")
  return ctx.db.select().from(supportBlocks).orderBy(sql`blocked_at desc, subject`).limit(500)
}
