import { Webhook, WebhookVerificationError } from "standardwebhooks/dist/index.js"
import { AppError } from "../errors.ts"

/**
 * Verifies a webhook of Resend (Standard Webhooks, 5 minutes either way) against the current secret and, while it is
 * being rolled, the previous one. Returns its id, which is the same on every redelivery, and the parsed body.
 */
export function verifyResendWebhook(request: { body: string; headers: Headers; secrets: string[] }): {
  svixId: string
  body: unknown
} {
  const { body, headers, secrets } = request
  const svixId = headers.get("svix-id") ?? ""
  if (!/^[\x21-\x7e]{1,255}$/.test(svixId)) throw new AppError("bad_request", "The svix-id header is missing.")
  const signed = {
    "webhook-id": svixId,
    "webhook-timestamp": headers.get("svix-timestamp") ?? "",
    "webhook-signature": headers.get("svix-signature") ?? "",
  }
  for (const secret of secrets) {
    try {
      return { svixId, body: new Webhook(secret).verify(body, signed) }
    } catch (error) {
      // It parses what it has verified, so past the signature only the content can be at fault.
      if (error instanceof SyntaxError) throw new AppError("bad_request", "The body is not JSON.", { cause: error })
      if (!(error instanceof WebhookVerificationError)) throw error
    }
  }
  throw new AppError("bad_request", "The signature does not match the body, or its time is out of tolerance.")
}
