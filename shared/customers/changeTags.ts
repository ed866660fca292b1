import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { textArray } from "../db/bulk.ts"
import { AppError } from "../errors.ts"
import { auditEntry } from "../staff/auditEntry.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { refuseErased } from "./refuseErased.ts"

const tag = z.string().check(z.trim(), z.toLowerCase(), z.regex(/^[\p{L}\p{N}][\p{L}\p{N} _.:-]{0,63}$/u))

/** A tag as it is kept. Throws `bad_request` for what is none. */
export function readTag(text: string): string {
  const read = tag.safeParse(text)
  if (!read.success)
    throw new AppError(
      "bad_request",
      "A tag has up to 64 letters, digits, spaces or _ . : - and begins with a letter or digit.",
    )
  return read.data
}

/** Adds and removes tags of one customer. Doing it twice is doing it once. */
export async function changeTags(
  ctx: Context,
  input: { id: string; add?: string[]; remove?: string[] },
): Promise<void> {
  requirePermission(ctx, "customers:write")
  const add = (input.add ?? []).map(readTag)
  const remove = input.remove ?? []
  const changed = sql`array(
    select distinct each from unnest(tags || ${textArray(add)}) as each where not (each = any(${textArray(remove)})) order by each)`
  const results = await batch(ctx.db, [
    auditEntry(ctx, {
      action: "customer.tagged",
      subject: { type: "customer", id: input.id },
      before: sql`(select to_jsonb(tags) from customers where id = ${input.id})`,
      after: { add, remove },
      where: sql`exists (select from customers where id = ${input.id} and erased_at is null and tags is distinct from ${changed})`,
    }),
    sql`update customers set tags = ${changed} where id = ${input.id} and erased_at is null and tags is distinct from ${changed}`,
    sql`select erased_at is not null as erased from customers where id = ${input.id}`,
  ])
  refuseErased(z.optional(z.object({ erased: z.boolean() })).parse(results.at(-1)?.rows[0]))
}
