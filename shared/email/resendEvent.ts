import * as z from "zod/mini"
import { AppError } from "../errors.ts"

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const printable = /^[\x21-\x7e]{1,255}$/
const earliest = Date.UTC(2000, 0)
const latest = Date.UTC(2100, 0)

/** Resend's three sources disagree on details: only the envelope must fit, the rest is read as far as it goes. */
const envelope = z.looseObject({
  type: z.string().check(z.regex(/^[\x21-\x7e]{1,100}$/)),
  created_at: z.string(),
  data: z.looseObject({}),
})

export interface ResendEvent {
  type: string
  createdAt: Date
  emailId: string | null
  outboxId: string | null
  /** Of the message of a ticket that went out as this mail. */
  ticketMessageId: string | null
  /** Of the code for linking an account that went out as this mail. */
  linkCodeId: string | null
  /** The mail's Message-ID, where Resend tells it. */
  messageId: string | null
  to: string[]
  bounce: { type: string | null; subType: string | null; message: string | null } | null
  reason: string | null
}

/** Throws `bad_request` naming what does not fit. */
export function parseResendEvent(body: unknown): ResendEvent {
  const parsed = envelope.safeParse(body)
  if (!parsed.success) {
    const problems = parsed.error.issues
      .map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`)
      .join("; ")
    throw new AppError("bad_request", `The body is signed but not an event of Resend. ${problems}`)
  }
  const { type, created_at, data } = parsed.data
  const createdAt = new Date(created_at)
  if (!(createdAt.getTime() >= earliest && createdAt.getTime() < latest))
    throw new AppError("bad_request", `created_at is no time: ${created_at.slice(0, 100)}`)
  const emailId = textAt(data, "email_id")
  const uuidTag = (name: string) => {
    const value = tagValue(data.tags, name)
    return value && uuid.test(value) ? value.toLowerCase() : null
  }
  const bounce = type === "email.bounced" ? data.bounce : null
  return {
    type,
    createdAt,
    emailId: emailId && printable.test(emailId) ? emailId : null,
    outboxId: uuidTag("outbox_id"),
    ticketMessageId: uuidTag("ticket_message"),
    linkCodeId: uuidTag("discord_link"),
    messageId: textAt(data, "message_id"),
    to: addresses(data.to),
    bounce: isObject(bounce)
      ? { type: textAt(bounce, "type"), subType: textAt(bounce, "subType"), message: textAt(bounce, "message") }
      : null,
    reason: textAt(data.failed, "reason") ?? textAt(data.suppressed, "message") ?? textAt(data.bounce, "message"),
  }
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

function textAt(value: unknown, key: string): string | null {
  const found: unknown = isObject(value) && Object.hasOwn(value, key) ? Reflect.get(value, key) : null
  return typeof found === "string" ? found.slice(0, 2000) : null
}

/** `a@b` or `Name <a@b>`, one or several. */
function addresses(to: unknown): string[] {
  const list: unknown[] = Array.isArray(to) ? to : [to]
  return list.flatMap((each) => {
    const address = typeof each === "string" ? (/<([^<>]+)>\s*$/.exec(each)?.[1] ?? each).trim() : ""
    return address.includes("@") && address.length <= 320 ? [address] : []
  })
}

/** Tags come as a map, or as the array in which they were sent. */
function tagValue(tags: unknown, name: string): string | null {
  if (!Array.isArray(tags)) return textAt(tags, name)
  const list: unknown[] = tags
  return textAt(
    list.find((tag) => textAt(tag, "name") === name),
    "value",
  )
}
