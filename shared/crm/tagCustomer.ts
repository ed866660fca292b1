import type { Context } from "../context.ts"
import { changeTags, readTag } from "../customers/changeTags.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { selectCustomer } from "./customers.ts"

/** Adds and removes tags and tells the customer as they are then. Throws `not_found`. */
export async function tagCustomer(
  ctx: Context,
  input: { id: string; add?: string[] | undefined; remove?: string[] | undefined },
) {
  requirePermission(ctx, "customers:write")
  const { id, add = [], remove = [] } = input
  const tags = { add: add.map(readTag), remove: remove.map(readTag) }
  await selectCustomer(ctx, { id })
  await changeTags(ctx, { id, ...tags })
  return selectCustomer(ctx, { id })
}
