import Stripe from "stripe"
import { AppError } from "../errors.ts"

/** What Stripe's client threw, as ours; `request` as `GET /v1/customers/cus_1`. */
export function stripeError(error: unknown, request: string): AppError {
  if (!(error instanceof Stripe.errors.StripeError))
    return new AppError("vendor_unavailable", `Stripe did not answer ${request}: ${String(error)}`, { cause: error })
  const said = `Stripe answered ${request} with ${error.statusCode ?? "no status"} ${error.code ?? error.type}: ${error.message}`
  if (error.statusCode === 401 || error.statusCode === 403)
    return new AppError("misconfigured", `${said}. Check STRIPE_SECRET_KEY and its permissions.`, { cause: error })
  // 409: another request under the same Idempotency-Key is still under way, or the object is being changed.
  if (error.statusCode === undefined || [409, 429].includes(error.statusCode) || error.statusCode >= 500)
    return new AppError("vendor_unavailable", said, { cause: error })
  return new AppError("vendor_rejected", said, { cause: error })
}
