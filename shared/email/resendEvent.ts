import * as z from "zod/mini"
import { AppError } from "../errors.ts"

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Resend's three sources disagree on details: only what we use is checked, the rest may be as it likes. */
const envelope = z.looseObject({
  type: z.string().check(z.regex(/^[\x21-\x7e]{1,100}$/)),
  created_at: z.string(),
  data: z.looseObject({
    email_id: z.optional(z.string()),
    to: z.optional(z.union([z.string(), z.array(z.string())])),
    tags: z.optional(z.unknown()),
    bounce: z.optional(
      z.looseObject({ type: z.optional(z.string()), subType: z.optional(z.string()), message: z.optional(z.string()) }),
    ),
    failed: z.optional(z.looseObject({ reason: z.optional(z.string()) })),
    suppressed: z.optional(z.looseObject({ message: z.optional(z.string()) })),
  }),
})

export interface ResendEvent {
  type: string
  createdAt: Date
  emailId: string | null
  outboxId: string | null
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
  if (Number.isNaN(createdAt.getTime())) throw new AppError("bad_request", `created_at is no time: ${created_at}`)
  const outboxId = tagValue(data.tags, "outbox_id")
  return {
    type,
    createdAt,
    emailId: data.email_id?.slice(0, 255) ?? null,
    outboxId: outboxId && uuid.test(outboxId) ? outboxId.toLowerCase() : null,
    to: typeof data.to === "string" ? [data.to] : (data.to ?? []),
    bounce: data.bounce
      ? { type: data.bounce.type ?? null, subType: data.bounce.subType ?? null, message: data.bounce.message ?? null }
      : null,
    reason: data.failed?.reason ?? data.suppressed?.message ?? data.bounce?.message ?? null,
  }
}

/** Tags come as a map, or as the array in which they were sent. */
function tagValue(tags: unknown, name: string): string | null {
  if (Array.isArray(tags)) {
    const tag = tags.find(
      (entry: unknown) => typeof entry === "object" && entry !== null && Reflect.get(entry, "name") === name,
    )
    return tag ? textOf(Reflect.get(tag, "value")) : null
  }
  return typeof tags === "object" && tags !== null && Object.hasOwn(tags, name) ? textOf(Reflect.get(tags, name)) : null
}

const textOf = (value: unknown) => (typeof value === "string" ? value : null)
