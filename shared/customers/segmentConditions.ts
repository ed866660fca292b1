import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { AppError } from "../errors.ts"
import { segmentCondition } from "./segmentCondition.ts"
import { segmentSql } from "./segmentSql.ts"

/** The filter's segment, if it has one, as conditions on `customers c`. Throws `not_found`. */
export async function segmentConditions(ctx: Context, { segment }: { segment?: string | undefined }): Promise<SQL[]> {
  if (!segment) return []
  const found = await ctx.db.execute<{ condition: unknown }>(sql`select condition from segments where id = ${segment}`)
  if (!found.rows[0]) throw new AppError("not_found", "There is no such segment.")
  return [segmentSql(segmentCondition.parse(found.rows[0].condition))]
}
