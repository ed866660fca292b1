import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { uuidArray } from "../db/bulk.ts"
import { isInstant } from "../db/isInstant.ts"
import { requirePermission } from "./requirePermission.ts"

/** Something that a rule, a job or a mail wants a person to know. */
export interface Notice {
  id: string
  message: string
  customer: { id: string; name: string } | null
  createdAt: Date
  readAt: Date | null
}

const pageSize = 50
const cursorShape = z.tuple([z.string().check(z.refine(isInstant)), z.uuid()])

/** One page of notices, the newest first: those that nobody has dealt with, or all. */
export async function listNotices(
  ctx: Context,
  input: { all: boolean; after?: string | undefined },
): Promise<{ notices: Notice[]; next: string | null }> {
  requirePermission(ctx, "customers:read")
  const cursor = readCursor(input.after)
  const found = await ctx.db.execute(sql`
    select n.id, n.message, n.created_at::text, n.read_at, c.id as customer_id, coalesce(c.name, c.email, 'Without a name') as customer
    from staff_notifications n left join customers c on c.id = n.customer_id
    where ${input.all ? sql`true` : sql`n.read_at is null`}
      and ${cursor ? sql`(n.created_at, n.id) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)` : sql`true`}
    order by n.created_at desc, n.id desc limit ${pageSize + 1}`)
  const shown = found.rows.slice(0, pageSize)
  const last = shown.at(-1)
  return {
    notices: shown.map((row) => ({
      id: String(row.id),
      message: String(row.message),
      customer: row.customer_id ? { id: String(row.customer_id), name: String(row.customer) } : null,
      createdAt: new Date(String(row.created_at)),
      readAt: row.read_at ? new Date(String(row.read_at)) : null,
    })),
    next: found.rows.length > pageSize && last ? JSON.stringify([last.created_at, last.id]) : null,
  }
}

/** Somebody has dealt with these. */
export async function settleNotices(ctx: Context, input: { ids: string[] }): Promise<void> {
  requirePermission(ctx, "customers:write")
  const ids = input.ids.filter((id) => z.uuid().safeParse(id).success)
  await ctx.db.execute(sql`
    update staff_notifications set read_at = ${ctx.now().toISOString()} where id = any(${uuidArray(ids)}) and read_at is null`)
}

function readCursor(after: string | undefined): [string, string] | null {
  try {
    return cursorShape.parse(JSON.parse(after ?? "null"))
  } catch {
    return null
  }
}
