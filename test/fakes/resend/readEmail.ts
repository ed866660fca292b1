import { z } from "zod"
import { Refusal } from "./refusal.ts"

const address = /^(?:[^<>]*<)?[^\s@<>,]+@[^\s@<>,]+\.[^\s@<>,]+>?$/
const format = "The email address needs to follow the `email@example.com` or `Name <email@example.com>` format."
const one = z.string().regex(address, format)
const several = z.union([one.transform((only) => [only]), z.array(one).min(1).max(50)])
const tag = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,256}$/, "Tags should only contain ASCII letters, numbers, underscores, or dashes.")

const attachment = z.object({ filename: z.string(), content: z.base64(), content_type: z.string().optional() })
/** Of all attachments of a mail, after base64. */
const mostAttached = 40 * 1024 * 1024

const email = z.object({
  from: one,
  to: several,
  cc: several.optional(),
  bcc: several.optional(),
  reply_to: several.optional(),
  subject: z.string(),
  html: z.string().nullish(),
  text: z.string().nullish(),
  headers: z.record(z.string(), z.string()).optional(),
  tags: z.array(z.object({ name: tag, value: tag })).optional(),
  attachments: z.array(attachment).optional(),
  scheduled_at: z.string().optional(),
})

export interface Message {
  from: string
  to: string[]
  cc: string[]
  bcc: string[]
  replyTo: string[]
  subject: string
  html: string
  text: string
  headers: Record<string, string>
  tags: { name: string; value: string }[]
  attachments?: { filename: string; content: string; content_type?: string | undefined }[]
}

export interface ReadOptions {
  batch: boolean
  /** Domains that Resend refuses to send to, such as example.com. */
  refusedDomains: readonly string[]
}

/** A message to send; throws the refusal that Resend would answer. */
export function readEmail(body: unknown, options: ReadOptions): Message {
  const parsed = email.safeParse(body)
  if (!parsed.success) throw refusalOf(parsed.error.issues[0])
  const { data } = parsed
  if (!data.html && !data.text) throw new Refusal(422, "missing_required_field", "Missing `html` or `text` field.")
  if (options.batch && data.attachments) invalid("Attachments are not supported in batch emails.")
  if ((data.attachments ?? []).reduce((sum, { content }) => sum + content.length, 0) > mostAttached)
    invalid("The attachments are larger than 40MB.")
  if (data.scheduled_at !== undefined) invalid("The stand-in does not schedule: leave out `scheduled_at`.")
  const refused = data.to.find((each) => options.refusedDomains.includes(domainOf(each)))
  if (refused)
    invalid(
      `Invalid \`to\` field. Please use our testing email address instead of domains like \`${domainOf(refused)}\`.`,
    )
  return {
    from: data.from,
    to: data.to,
    cc: data.cc ?? [],
    bcc: data.bcc ?? [],
    replyTo: data.reply_to ?? [],
    subject: data.subject,
    html: data.html ?? "",
    text: data.text ?? "",
    headers: data.headers ?? {},
    tags: data.tags ?? [],
    attachments: data.attachments ?? [],
  }
}

export const bareAddress = (value: string): string => (/<([^<>]+)>$/.exec(value)?.[1] ?? value).trim().toLowerCase()

const domainOf = (value: string): string => bareAddress(value).split("@")[1] ?? ""

function invalid(message: string): never {
  throw new Refusal(422, "validation_error", message)
}

function refusalOf(issue: z.core.$ZodIssue | undefined): Refusal {
  const field = String(issue?.path[0] ?? "body")
  if (issue?.code === "invalid_type" && issue.input === undefined && issue.path.length === 1)
    return new Refusal(422, "missing_required_field", `Missing \`${field}\` field.`)
  const inner = issue?.code === "invalid_union" ? issue.errors.flat()[0]?.message : issue?.message
  return new Refusal(422, "validation_error", `Invalid \`${field}\` field. ${inner ?? ""}`)
}
