import { Hono } from "hono"
import { z } from "zod"
import type { NodeEnv } from "../../../http/faultMiddleware.ts"
import { noSuch } from "../../stripeError.ts"
import { type ApiParts, endpoint, listing } from "../endpoint.ts"
import { paging } from "../listPage.ts"
import { flag } from "../params.ts"

const keptSeconds = 30 * 86_400

export function events(parts: ApiParts) {
  const { account } = parts
  const list = z.strictObject({
    ...paging,
    type: z.string().optional(),
    types: z.array(z.string()).max(20).optional(),
    delivery_success: flag.optional(),
  })
  return new Hono<NodeEnv>()
    .get(
      "/",
      listing(parts, list, {
        objects: () => account.log.events.filter(({ created }) => created > account.now() - keptSeconds),
        matches: (event, query) =>
          (!query.type || isOfType(event.type, query.type)) &&
          (!query.types || query.types.some((type) => isOfType(event.type, type))) &&
          (query.delivery_success === undefined || account.log.delivered(event.id) === query.delivery_success),
      }),
    )
    .get(
      "/:id",
      endpoint(parts, z.strictObject({}), (_, id) => {
        const event = account.log.get(id)
        if (!event || event.created <= account.now() - keptSeconds) throw noSuch("event", id)
        return { ...event }
      }),
    )
}

/** `charge.*` stands for every event of charges. */
const isOfType = (type: string, wanted: string): boolean =>
  wanted.endsWith("*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted
