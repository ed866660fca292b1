import * as z from "zod/mini"
import { AppError } from "../errors.ts"

/** Ids and types end up in keys and columns: printable, bounded. */
const token = z.string().check(z.regex(/^[\x21-\x7e]{1,255}$/))
/** Seconds since 1970, up to the year 2100. */
const seconds = z.number().check(z.int(), z.minimum(0), z.maximum(4_102_444_800))

const snapshotEvent = z.object({
  id: token,
  type: token,
  created: seconds,
  livemode: z.boolean(),
  api_version: z.optional(z.nullable(token)),
  account: z.optional(z.nullable(token)),
  data: z.object({
    object: z.looseObject({ id: z.optional(z.nullable(z.string())), customer: z.optional(z.unknown()) }),
    previous_attributes: z.optional(z.nullable(z.looseObject({ customer: z.optional(z.unknown()) }))),
  }),
})

/** Stripe's v2 "thin" events carry a reference instead of an object. */
const thinEvent = z.object({
  object: z.literal("v2.core.event"),
  id: token,
  type: token,
  created: z.iso.datetime({ offset: true }),
  livemode: z.optional(z.boolean()),
})

const isThin = (body: unknown) =>
  typeof body === "object" && body !== null && "object" in body && body.object === "v2.core.event"

export interface StripeEnvelope {
  id: string
  type: string
  apiVersion: string | null
  livemode: boolean
  account: string | null
  createdAt: Date
  objectId: string | null
  /** Stripe's id of the customer that the object is or names, or named until then. */
  customerId: string | null
  thin: boolean
}

/** What every event of Stripe has in common. Throws `bad_request` naming what does not fit. */
export function parseStripeEnvelope(body: unknown, fallbackLivemode: boolean): StripeEnvelope {
  const thin = isThin(body) ? thinEvent.safeParse(body) : null
  if (thin?.success)
    return {
      id: thin.data.id,
      type: thin.data.type,
      apiVersion: null,
      livemode: thin.data.livemode ?? fallbackLivemode,
      account: null,
      createdAt: new Date(thin.data.created),
      objectId: null,
      customerId: null,
      thin: true,
    }
  const event = snapshotEvent.safeParse(body)
  if (!event.success) {
    const problems = event.error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`).join("; ")
    throw new AppError("bad_request", `The body is signed but not an event of Stripe. ${problems}`)
  }
  const { id, object, customer } = event.data.data.object
  const before = event.data.data.previous_attributes?.customer
  const tokenOrNull = (value: unknown) => token.safeParse(value).data ?? null
  return {
    id: event.data.id,
    type: event.data.type,
    apiVersion: event.data.api_version ?? null,
    livemode: event.data.livemode,
    account: event.data.account ?? null,
    createdAt: new Date(event.data.created * 1000),
    objectId: tokenOrNull(id),
    customerId: tokenOrNull(object === "customer" ? id : (customer ?? before)),
    thin: false,
  }
}
