export interface StripeErrorFacts {
  type?: "invalid_request_error" | "card_error" | "idempotency_error" | "api_error" | "authentication_error"
  code?: string
  param?: string
  decline_code?: string
  charge?: string
}

/** A refusal in the words of Stripe's API. */
export class StripeError extends Error {
  readonly status: 400 | 401 | 402 | 404 | 409 | 429 | 500
  readonly facts: StripeErrorFacts

  constructor(status: StripeError["status"], message: string, facts: StripeErrorFacts = {}) {
    super(message)
    this.status = status
    this.facts = facts
  }

  body() {
    const { code } = this.facts
    return {
      error: {
        type: "invalid_request_error",
        ...this.facts,
        ...(code && { doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}` }),
        message: this.message,
      },
    }
  }
}

export const noSuch = (kind: string, id: string, param = "id") =>
  new StripeError(404, `No such ${kind}: '${id}'`, { code: "resource_missing", param })
