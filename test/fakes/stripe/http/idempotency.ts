import { StripeError } from "../stripeError.ts"

export interface Answer {
  status: 200 | StripeError["status"]
  body: Record<string, unknown>
}

const kept = 24 * 3_600_000

/** Stripe's Idempotency-Key: the first answer again for the same request, a refusal for another one. */
export class Idempotency {
  private readonly answers = new Map<string, { request: string; at: number; answer: Answer | null }>()

  async once(
    key: string | undefined,
    request: string,
    work: () => Promise<Answer>,
  ): Promise<{ answer: Answer; replayed: boolean }> {
    if (key === undefined) return { answer: await work(), replayed: false }
    if (key.length < 1 || key.length > 255)
      throw new StripeError(400, "Idempotency keys hold 1 to 255 characters.", { type: "idempotency_error" })
    const known = this.answers.get(key)
    if (known && Date.now() - known.at < kept) {
      if (known.request !== request)
        throw new StripeError(
          400,
          `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
          { type: "idempotency_error" },
        )
      if (!known.answer)
        throw new StripeError(
          409,
          `There is currently another in-progress request using this Idempotent Key (${key}). Please try again later.`,
          { type: "idempotency_error", code: "idempotency_key_in_use" },
        )
      return { answer: known.answer, replayed: true }
    }
    const entry: { request: string; at: number; answer: Answer | null } = { request, at: Date.now(), answer: null }
    this.answers.set(key, entry)
    try {
      entry.answer = await work()
      return { answer: entry.answer, replayed: false }
    } catch (error) {
      this.answers.delete(key)
      throw error
    }
  }

  clear(): void {
    this.answers.clear()
  }
}
