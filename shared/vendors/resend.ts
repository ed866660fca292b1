import { Resend } from "resend"
import type { FrozenMessage } from "../db/schema/email.ts"

/** What became of a request, by the result table of docs/email.md. */
export type SendResult =
  /** Resend has them; an item that it refused for good has a reason instead of an id. */
  | { kind: "accepted"; items: ({ id: string } | { rejected: string })[] }
  /** Unknown or busy: the same request under the same key, later. */
  | { kind: "retry"; reason: string; afterSeconds: number }
  /** The sender as a whole is out of quota. */
  | { kind: "paused"; reason: string; afterSeconds: number }
  /** Refused for good, as a whole. */
  | { kind: "rejected"; reason: string }

export interface ResendApi {
  /** Sends one to 100 messages as one request; waits its turn within the rate limit that earlier answers told. */
  send(messages: FrozenMessage[], idempotencyKey: string): Promise<SendResult>
}

const timeoutMilliseconds = 20_000
const day = 86_400

/** Resend's SDK: it sets the User-Agent that Resend demands, and bundles small without its React renderer. */
export function createResend(options: { apiKey: string; apiBase?: string }): ResendApi {
  const client = new Resend(options.apiKey, options.apiBase ? { baseUrl: options.apiBase } : {})
  let notBefore = 0

  return {
    async send(messages, idempotencyKey) {
      const wait = notBefore - Date.now()
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
      const answer = await Promise.race([
        request(client, messages, idempotencyKey).catch((error: unknown) => ({ failed: String(error) })),
        new Promise<{ failed: string }>((resolve) =>
          setTimeout(() => resolve({ failed: `no answer within ${timeoutMilliseconds} ms` }), timeoutMilliseconds),
        ),
      ])
      if ("failed" in answer) return { kind: "retry", reason: answer.failed, afterSeconds: 30 }
      const { result, headers } = answer
      notBefore = Date.now() + pauseAfter(headers)
      return result
    },
  }
}

/** Milliseconds to wait before the next request, from `ratelimit-*`. */
function pauseAfter(headers: Record<string, string>): number {
  const remaining = Number(headers["ratelimit-remaining"])
  const reset = Number(headers["ratelimit-reset"])
  return headers["ratelimit-remaining"] !== undefined && remaining < 1 && reset > 0 ? Math.min(reset, 5) * 1000 : 0
}

async function request(client: Resend, messages: FrozenMessage[], idempotencyKey: string) {
  const [only] = messages
  if (messages.length === 1 && only) {
    const answer = await client.emails.send(toResend(only), { idempotencyKey })
    const headers = answer.headers ?? {}
    if (answer.error) return { result: refusal(answer.error, headers), headers }
    return { result: { kind: "accepted" as const, items: [{ id: answer.data.id }] }, headers }
  }
  const answer = await client.batch.send(messages.map(toResend), { idempotencyKey, batchValidation: "permissive" })
  const headers = answer.headers ?? {}
  if (answer.error) return { result: refusal(answer.error, headers), headers }
  const rejected = new Map((answer.data.errors ?? []).map(({ index, message }) => [index, message]))
  const ids = answer.data.data.map(({ id }) => id)
  const items = messages.map((_, index) => {
    const reason = rejected.get(index)
    if (reason !== undefined) return { rejected: reason }
    const id = ids.shift()
    return id ? { id } : { rejected: "Resend's answer did not mention it." }
  })
  return { result: { kind: "accepted" as const, items }, headers }
}

const toResend = ({ reply_to, ...message }: FrozenMessage) => ({ ...message, replyTo: reply_to })

function refusal(
  error: { name: string; message: string; statusCode: number | null },
  headers: Record<string, string>,
): SendResult {
  const reason = `${error.statusCode ?? "no status"} ${error.name}: ${error.message}`
  const retryAfter = Number(headers["retry-after"])
  const afterSeconds = Math.max(retryAfter, 0)
  switch (error.name) {
    case "concurrent_idempotent_requests":
      return { kind: "retry", reason, afterSeconds: 10 }
    case "rate_limit_exceeded":
      return { kind: "retry", reason, afterSeconds: afterSeconds || 1 }
    case "daily_quota_exceeded":
      return { kind: "paused", reason, afterSeconds: afterSeconds || 3600 }
    case "monthly_quota_exceeded":
      return { kind: "paused", reason, afterSeconds: afterSeconds || day }
  }
  const { statusCode } = error
  if (statusCode === 401 || statusCode === 403) return { kind: "paused", reason, afterSeconds: 900 }
  if (statusCode === null || statusCode === 429 || statusCode >= 500)
    return { kind: "retry", reason, afterSeconds: afterSeconds || 30 }
  return { kind: "rejected", reason }
}
