import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { findCustomers } from "./customers.ts"
import { isoTime } from "./isoTime.ts"
import { keysetPage, type PageInput } from "./keysetPage.ts"
import { segmentRecord } from "./records.ts"

export async function findSegments(ctx: Context, input: PageInput) {
  requirePermission(ctx, "customers:read")
  return keysetPage(
    ctx,
    {
      columns: sql`g.id, g.name, g.condition, ${isoTime(sql`g.created_at`)} as "createdAt", ${isoTime(sql`g.updated_at`)} as "updatedAt"`,
      from: sql`segments g`,
      where: [],
      at: sql`g.created_at`,
      id: sql`g.id`,
      idType: "uuid",
      record: segmentRecord,
    },
    input,
  )
}

/** Who is in a segment now. Throws `not_found`. */
export const findSegmentCustomers = (ctx: Context, { id, ...page }: PageInput & { id: string }) =>
  findCustomers(ctx, { segment: id, ...page })
