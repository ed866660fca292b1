import * as z from "zod/mini"
import { AppError } from "../errors.ts"
import { withinBytes } from "../files/withinBytes.ts"

const text = z.nullish(z.string())
const texts = z.nullish(z.array(z.string()))

/** Resend's sources disagree on what may be absent: only what a mail cannot be without is required. */
const received = z.looseObject({
  id: z.string(),
  created_at: z.string(),
  from: text,
  to: texts,
  cc: texts,
  reply_to: texts,
  received_for: texts,
  subject: text,
  message_id: text,
  text,
  html: text,
  headers: z.nullish(z.record(z.string(), z.unknown())),
  attachments: z.nullish(
    z.array(
      z.looseObject({
        id: z.string(),
        filename: text,
        content_type: text,
        size: z.nullish(z.number()),
        content_disposition: text,
      }),
    ),
  ),
})
export type ReceivedEmail = z.infer<typeof received>

const attachment = z.looseObject({ download_url: z.url({ protocol: /^https?$/ }) })

export interface ResendReceiving {
  /** A mail that Resend received; null where it has it no longer. */
  get(emailId: string): Promise<ReceivedEmail | null>
  /** The bytes of an attachment; null where Resend has them no longer. Throws `too_large` for more than `most`. */
  attachment(emailId: string, attachmentId: string, most: number): Promise<Blob | null>
}

const timeoutMilliseconds = 20_000
/** Of an answer that describes a mail; attachments are not in it. */
const largestAnswer = 20 * 1024 * 1024

/**
 * Received mails, by plain requests: whoever reads mails sends none, and does without Resend's client. Throws
 * `vendor_unavailable` where trying again may help, `vendor_rejected` where it cannot.
 */
export function createResendReceiving(options: { apiKey: string; apiBase?: string }): ResendReceiving {
  const base = options.apiBase || "https://api.resend.com"

  async function ask(path: string): Promise<unknown> {
    const answer = await reach(`${base}/emails/receiving/${path}`, {
      authorization: `Bearer ${options.apiKey}`,
      // Resend refuses requests without one, and workerd sends none.
      "user-agent": "ops-hq",
    })
    if (answer === null) return null
    const body = await (await read(answer, largestAnswer)).text()
    try {
      return JSON.parse(body)
    } catch (cause) {
      throw new AppError("vendor_unavailable", "Resend's answer about a received mail is not JSON.", { cause })
    }
  }

  return {
    async get(emailId) {
      // Without inline images in the HTML: they are among the attachments, too.
      const body = await ask(`${encodeURIComponent(emailId)}?html_format=cid`)
      if (body === null) return null
      const parsed = received.safeParse(body)
      if (parsed.success) return parsed.data
      const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ")
      throw new AppError("vendor_rejected", `Resend's answer is no received mail. ${problems}`)
    },
    async attachment(emailId, attachmentId, most) {
      // Its address holds for an hour, so it is asked for when it is wanted.
      const body = await ask(`${encodeURIComponent(emailId)}/attachments/${encodeURIComponent(attachmentId)}`)
      if (body === null) return null
      const parsed = attachment.safeParse(body)
      if (!parsed.success) throw new AppError("vendor_rejected", "Resend tells no address for the attachment.")
      const answer = await reach(parsed.data.download_url, {})
      return answer && read(answer, most)
    },
  }
}

async function read(answer: Response, most: number): Promise<Blob> {
  let bytes: Blob | null
  try {
    bytes = answer.body ? await withinBytes(answer.body, most) : new Blob()
  } catch (cause) {
    throw new AppError("vendor_unavailable", "The answer about a received mail broke off.", { cause })
  }
  if (bytes === null) throw new AppError("too_large", `More than ${most} bytes.`)
  return bytes
}

async function reach(url: string, headers: Record<string, string>): Promise<Response | null> {
  const place = new URL(url).origin
  let answer: Response
  try {
    answer = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMilliseconds) })
  } catch (cause) {
    throw new AppError("vendor_unavailable", `${place} did not answer about a received mail.`, { cause })
  }
  if (answer.ok) return answer
  await answer.body?.cancel()
  if (answer.status === 404 || answer.status === 410) return null
  // A wrong key is set right by somebody, and then all is well again.
  const again = answer.status >= 500 || [401, 403, 408, 425, 429].includes(answer.status)
  const hint = answer.status === 401 || answer.status === 403 ? " The key needs full access, not only to send." : ""
  throw new AppError(
    again ? "vendor_unavailable" : "vendor_rejected",
    `${place} answered ${answer.status} about a received mail.${hint}`,
  )
}
