import { z } from "zod"
import { listOf } from "../list.ts"
import { StripeError } from "../stripeError.ts"
import { whole } from "./params.ts"

const bounds = z.strictObject({ gt: whole, gte: whole, lt: whole, lte: whole }).partial()

/** What every list takes. */
export const paging = {
  limit: whole.optional(),
  starting_after: z.string().optional(),
  ending_before: z.string().optional(),
  created: z.union([whole, bounds]).optional(),
}

export interface PageQuery {
  limit?: number | undefined
  starting_after?: string | undefined
  ending_before?: string | undefined
  created?:
    | number
    | { gt?: number | undefined; gte?: number | undefined; lt?: number | undefined; lte?: number | undefined }
    | undefined
}

interface Listed {
  id: string
  created?: number
}

/** A page of objects given oldest first: newest first, by cursor, with Stripe's limits. */
export function listPage<Item extends Listed>(
  objects: Item[],
  query: PageQuery,
  options: { url: string; oldestFirst?: boolean | undefined; matches?: ((object: Item) => boolean) | undefined },
) {
  const limit = query.limit ?? 10
  if (limit < 1 || limit > 100)
    throw new StripeError(
      400,
      `This value must be ${limit < 1 ? "greater" : "less"} than or equal to ${limit < 1 ? 1 : 100}.`,
      {
        code: "parameter_invalid_integer",
        param: "limit",
      },
    )
  const { starting_after: after, ending_before: before } = query
  if (after !== undefined && before !== undefined)
    throw new StripeError(400, "You may only specify one of these parameters: ending_before, starting_after.")
  const wanted = objects.filter(
    (object) => isWithin(object.created ?? 0, query.created) && (options.matches?.(object) ?? true),
  )
  if (!options.oldestFirst) wanted.reverse()
  const cursor = after ?? before
  const at =
    cursor === undefined
      ? -1
      : position(objects, wanted, cursor, after === undefined ? "ending_before" : "starting_after")
  const page = before === undefined ? wanted.slice(at + 1, at + 1 + limit) : wanted.slice(Math.max(0, at - limit), at)
  const more = before === undefined ? at + 1 + limit < wanted.length : at - limit > 0
  return listOf(page, options.url, more)
}

/** Where the cursor stands among the wanted; a cursor that the filters leave out still has its place. */
function position(objects: Listed[], wanted: Listed[], id: string, param: string): number {
  const at = wanted.findIndex((object) => object.id === id)
  if (at >= 0) return at
  if (!objects.some((object) => object.id === id))
    throw new StripeError(400, `No such object: '${id}'`, { code: "resource_missing", param })
  const newer = new Set(objects.slice(objects.findIndex((object) => object.id === id)).map((object) => object.id))
  return wanted.filter((object) => newer.has(object.id)).length - 1
}

function isWithin(created: number, range: PageQuery["created"]): boolean {
  if (range === undefined) return true
  if (typeof range === "number") return created === range
  const { gt = Number.NEGATIVE_INFINITY, gte = gt, lt = Number.POSITIVE_INFINITY, lte = lt } = range
  return created > gt && created >= gte && created < lt && created <= lte
}
