import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { AppError } from "../errors.ts"
import { auditEntry } from "../staff/auditEntry.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { isoTime } from "./isoTime.ts"
import { keysetPage, type PageInput } from "./keysetPage.ts"
import { suppressionRecord } from "./records.ts"

const columns = sql`s.email, s.reason, s."all", ${isoTime(sql`s.since`)} as since`

export async function listSuppressions(ctx: Context, input: PageInput & { email?: string | undefined }) {
  requirePermission(ctx, "suppressions:read")
  return keysetPage(
    ctx,
    {
      columns,
      from: sql`suppressions s`,
      where: input.email ? [sql`s.email = ${input.email}`] : [],
      at: sql`s.since`,
      id: sql`s.email || ' ' || s.reason`,
      idType: "text",
      record: suppressionRecord,
    },
    input,
  )
}

/** Stops mail to an address, in lower case: every mail, or marketing only. Doing it twice is doing it once. */
export async function suppressAddress(ctx: Context, input: { email: string; all: boolean }) {
  requirePermission(ctx, "suppressions:write")
  const results = await batch(ctx.db, [
    sql`insert into suppressions (email, reason, "all", since)
      values (${input.email}, 'manual', ${input.all}, ${ctx.now().toISOString()})
      on conflict (email, reason) do update set "all" = excluded."all"`,
    auditEntry(ctx, {
      action: "address.suppressed",
      subject: { type: "address", id: input.email },
      after: { all: input.all },
    }),
    sql`select ${columns} from suppressions s where s.email = ${input.email} and s.reason = 'manual'`,
  ])
  return suppressionRecord.parse(results.at(-1)?.rows[0])
}

/** Takes back what `suppressAddress` did; bounces, complaints and unsubscriptions stay. Throws `not_found`. */
export async function liftSuppression(ctx: Context, input: { email: string }): Promise<void> {
  requirePermission(ctx, "suppressions:write")
  const mine = sql`email = ${input.email} and reason = 'manual'`
  const [, lifted] = await batch(ctx.db, [
    auditEntry(ctx, {
      action: "address.released",
      subject: { type: "address", id: input.email },
      where: sql`exists (select from suppressions where ${mine})`,
    }),
    sql`delete from suppressions where ${mine} returning email`,
  ])
  if (!lifted?.rows.length) throw new AppError("not_found", "Nobody has suppressed this address by hand.")
}
