import Stripe from "stripe"
import { AppError } from "../errors.ts"

/** Seconds by which Stripe's stamp may differ from our clock, either way. */
const toleranceSeconds = 300

/**
 * Verifies a webhook of Stripe against the current secret and, while it is being rolled, the previous one.
 * Returns the parsed body. Throws `bad_request` for anything that was not signed by Stripe just now or is not JSON.
 */
export async function verifyStripeWebhook(request: {
  body: string
  signature: string | null
  secrets: string[]
  now: Date
}): Promise<unknown> {
  const { body, signature, secrets, now } = request
  if (!signature) throw new AppError("bad_request", "The Stripe-Signature header is missing.")
  refuseFutureStamp(signature, now)
  const cryptoProvider = Stripe.createSubtleCryptoProvider()
  let refusal: unknown
  for (const secret of secrets) {
    try {
      return await Stripe.webhooks.constructEventAsync(
        body,
        signature,
        secret,
        toleranceSeconds,
        cryptoProvider,
        now.getTime(),
      )
    } catch (error) {
      refusal = error
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) break
    }
  }
  // The SDK checks the signature before it looks at the content, so past it only the content can be at fault.
  if (refusal instanceof Stripe.errors.StripeSignatureVerificationError)
    throw new AppError("bad_request", "The signature does not match the body, or its time is out of tolerance.", {
      cause: refusal,
    })
  if (refusal instanceof SyntaxError) throw new AppError("bad_request", "The body is not JSON.", { cause: refusal })
  return JSON.parse(body)
}

/** The SDK refuses old stamps only. */
function refuseFutureStamp(signature: string, now: Date): void {
  const latest = now.getTime() / 1000 + toleranceSeconds
  for (const part of signature.split(",")) {
    const [scheme, value] = part.trim().split("=")
    if (scheme === "t" && Number(value) > latest)
      throw new AppError("bad_request", `The signature's time ${value} lies in the future.`)
  }
}
