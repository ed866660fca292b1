import { createHash } from "node:crypto"
import { Refusal } from "./refusal.ts"

const kept = 24 * 3_600_000

/** Resend's Idempotency-Key, as its documentation defines it. */
export class Idempotency {
  private readonly answers = new Map<string, { digest: string; at: number; answer: object | null }>()
  private readonly now: () => number

  constructor(now: () => number) {
    this.now = now
  }

  async once(
    key: string | undefined,
    request: { path: string; body: string },
    work: () => Promise<object>,
  ): Promise<{ answer: object; replayed: boolean }> {
    if (key === undefined) return { answer: await work(), replayed: false }
    if (key.length < 1 || key.length > 256)
      throw new Refusal(400, "invalid_idempotency_key", "The key must be between 1-256 chars.")
    const digest = createHash("sha256").update(`${request.path}\n${request.body}`).digest("base64")
    const known = this.answers.get(key)
    if (known && this.now() - known.at < kept) {
      if (known.digest !== digest)
        throw new Refusal(
          409,
          "invalid_idempotent_request",
          "Same idempotency key used with a different request payload.",
        )
      if (!known.answer)
        throw new Refusal(
          409,
          "concurrent_idempotent_requests",
          "Same idempotency key used while original request is still in progress.",
        )
      return { answer: known.answer, replayed: true }
    }
    const entry: { digest: string; at: number; answer: object | null } = { digest, at: this.now(), answer: null }
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
