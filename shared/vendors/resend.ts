import { type ErrorResponse, Resend } from "resend"
import type { FrozenMessage } from "../db/schema/email.ts"
import { createRateWindow } from "./rateWindow.ts"

/** What became of one mail of a request that Resend took. */
export type SentItem = { id: string } | { rejected: string } | { unknown: string }

/** What became of a request, by the result table of docs/email.md. */
export type SendResult =
  /** Resend has taken the request: each mail has an id, or a reason why it was refused for good. */
  | { kind: "accepted"; items: SentItem[] }
  /** The same request under the same key, later. `maybeAccepted`: Resend may have it all the same. */
  | { kind: "retry"; reason: string; afterSeconds: number; maybeAccepted: boolean }
  /** Certainly not taken, and nothing will be for a while: a quota is used up, or the key is no good. */
  | { kind: "paused"; reason: string; afterSeconds: number }
  /** The key stands for another request, which Resend may have sent. Never to be repeated under a new key. */
  | { kind: "conflict"; reason: string }
  /** Certainly not taken, for good. */
  | { kind: "rejected"; reason: string }

export interface MailAttachment {
  filename: string
  contentType: string
  /** In base64. */
  content: string
}

/** A message with what its files hold; of several in one request none has any. */
export type OutgoingMail = FrozenMessage & { attachments?: MailAttachment[] }

export interface ResendApi {
  /** Sends one to 100 messages as one request; waits its turn within the rate limit that earlier answers told. */
  send(messages: OutgoingMail[], idempotencyKey: string): Promise<SendResult>
}

interface Answer {
  result: SendResult
  /** Null where there was no answer. */
  headers: Record<string, string> | null
}

const timeoutMilliseconds = 20_000
const day = 86_400
/** Resend's SDK: it sets the User-Agent that Resend demands, and bundles small without its React renderer. */
export function createResend(options: { apiKey: string; apiBase?: string; timeoutMilliseconds?: number }): ResendApi {
  const client = new Resend(options.apiKey, options.apiBase ? { baseUrl: options.apiBase } : {})
  const window = createRateWindow()

  return {
    async send(messages, idempotencyKey) {
      await window.turn()
      const signal = AbortSignal.timeout(options.timeoutMilliseconds ?? timeoutMilliseconds)
      try {
        const { result, headers } = await request(client, messages, { idempotencyKey, signal })
        window.answered(headers)
        return result
      } catch (thrown) {
        // An answer that cannot be read is no answer.
        window.answered(null)
        return noAnswer(String(thrown))
      }
    },
  }
}

const noAnswer = (reason: string): SendResult => ({ kind: "retry", reason, afterSeconds: 1, maybeAccepted: true })

async function request(
  client: Resend,
  messages: OutgoingMail[],
  options: { idempotencyKey: string; signal: AbortSignal },
): Promise<Answer> {
  const [only] = messages
  if (messages.length === 1 && only) {
    const answer = await client.emails.send({ ...toResend(only), ...attached(only) }, options)
    const { headers } = answer
    if (answer.error) return { result: refusal(answer.error, headers), headers }
    const { id } = answer.data
    if (typeof id !== "string") throw new Error("The answer holds no id.")
    return { result: { kind: "accepted", items: [{ id }] }, headers }
  }
  const answer = await client.batch.send(messages.map(toResend), { ...options, batchValidation: "permissive" })
  const { headers } = answer
  if (answer.error) return { result: refusal(answer.error, headers), headers }
  const ids = answer.data.data.map(({ id }) => id)
  const rejected = new Map((answer.data.errors ?? []).map(({ index, message }) => [index, message]))
  return { result: { kind: "accepted", items: assign(ids, rejected, messages.length) }, headers }
}

/** Resend lists the ids of what it took, in order, and apart from them the places of what it refused. */
function assign(ids: string[], rejected: Map<number, string>, count: number): SentItem[] {
  const counted = ids.length + rejected.size === count
  const taken = ids.values()
  return Array.from({ length: count }, (_, index): SentItem => {
    const reason = rejected.get(index)
    if (reason !== undefined) return { rejected: reason }
    const id = counted ? taken.next().value : undefined
    return id === undefined ? { unknown: "Resend's answer does not say what became of it." } : { id }
  })
}

/** In one order, whatever the order in which the parts were kept: a repetition must be the same to the letter. */
const toResend = ({ from, to, reply_to, subject, html, text, headers, tags }: FrozenMessage) => ({
  from,
  to,
  replyTo: reply_to,
  subject,
  html,
  text,
  headers: Object.fromEntries(Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1))),
  tags: tags.map(({ name, value }) => ({ name, value })),
})

const attached = ({ attachments = [] }: OutgoingMail) =>
  attachments.length > 0 && {
    attachments: attachments.map(({ filename, contentType, content }) => ({ filename, contentType, content })),
  }

function refusal(error: ErrorResponse, headers: Record<string, string> | null): SendResult {
  const { name, statusCode } = error
  const reason = `${statusCode ?? "no status"} ${name}: ${error.message}`
  const told = Number(headers?.["retry-after"])
  const afterSeconds = told > 0 ? told : undefined
  switch (name) {
    case "concurrent_idempotent_requests":
      return { kind: "retry", reason, afterSeconds: afterSeconds ?? 10, maybeAccepted: true }
    case "invalid_idempotent_request":
      return { kind: "conflict", reason }
    case "daily_quota_exceeded":
      return { kind: "paused", reason, afterSeconds: afterSeconds ?? 3600 }
    case "monthly_quota_exceeded":
      return { kind: "paused", reason, afterSeconds: afterSeconds ?? day }
  }
  if (statusCode === 429) return { kind: "retry", reason, afterSeconds: afterSeconds ?? 1, maybeAccepted: false }
  // Key, domain or address of the API are wrong: nothing about the mails.
  if (statusCode !== null && [401, 403, 404, 405].includes(statusCode))
    return { kind: "paused", reason, afterSeconds: 900 }
  if (statusCode === 409) return { kind: "retry", reason, afterSeconds: 10, maybeAccepted: true }
  if (statusCode === 408 || statusCode === 425) return { ...noAnswer(reason) }
  if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500) return { kind: "rejected", reason }
  return noAnswer(reason)
}
