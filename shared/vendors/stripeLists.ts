import Stripe from "stripe"
import { AppError } from "../errors.ts"
import { askedAt } from "./askedAt.ts"
import { createStripeClient, type StripeOptions } from "./stripeClient.ts"
import { stripeError } from "./stripeError.ts"

/** Stripe allows 25 requests a second to an endpoint; the rest is everybody else's. */
const requestsPerSecond = 23

export interface StripeLists {
  /** How many pages may be asked for in a second, by everybody together. */
  requestsPerSecond: number
  /**
   * One page of a list such as `/v1/customers`. Not tried again here. Throws `rate_limited` with `retryAfter`
   * (milliseconds) where Stripe asks to slow down, `not_found` where the cursor is of an object that is gone, and
   * `misconfigured` naming the permission that the key lacks.
   */
  page(path: string, query: ListQuery): Promise<ListPage>
}

export interface ListQuery {
  limit: number
  starting_after?: string
  ending_before?: string
  created?: { gte?: number; lt?: number }
  status?: string
  active?: boolean
  expand?: string[]
}

export interface ListPage {
  data: Record<string, unknown>[]
  hasMore: boolean
  /** When Stripe was asked, by its own clock: what it shows is not older. */
  at: Date
}

export function createStripeLists(options: StripeOptions & { requestsPerSecond?: number }): StripeLists {
  const { client, prefix } = createStripeClient(options)
  return {
    requestsPerSecond: options.requestsPerSecond ?? requestsPerSecond,
    async page(path, query) {
      const request = `GET ${path}`
      const asked = Date.now()
      try {
        const answer = await client().rawRequest(
          "GET",
          `${prefix}${path}?${encode(query)}`,
          {},
          { maxNetworkRetries: 0, timeout: 20_000 },
        )
        const { data, has_more: hasMore } = answer
        if (!Array.isArray(data)) throw new AppError("vendor_unavailable", `Stripe answered ${request} without a list.`)
        return { data, hasMore: hasMore === true, at: askedAt(answer, Date.now() - asked) }
      } catch (error) {
        if (error instanceof AppError) throw error
        if (error instanceof Stripe.errors.StripeError) {
          if (error.statusCode === 429)
            throw new AppError("rate_limited", `Stripe asks to slow down: ${error.message}`, {
              cause: error,
              details: { retryAfter: retryAfter(error.headers), reason: error.headers?.["stripe-rate-limited-reason"] },
            })
          if (error.code === "resource_missing") throw new AppError("not_found", error.message, { cause: error })
        }
        throw stripeError(error, request)
      }
    },
  }
}

function retryAfter(headers: Record<string, string> | undefined): number | null {
  const seconds = Number(headers?.["retry-after"] ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 60) * 1000 : null
}

function encode(query: ListQuery): string {
  const fields = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const each of value) fields.append(`${name}[]`, each)
    else if (typeof value === "object")
      for (const [key, bound] of Object.entries(value)) fields.append(`${name}[${key}]`, String(bound))
    else if (value !== undefined) fields.append(name, String(value))
  }
  return fields.toString()
}
