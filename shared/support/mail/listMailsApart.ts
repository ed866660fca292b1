import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { isInstant } from "../../db/isInstant.ts"
import { type MailAuthentication, mailOutcomes } from "../../db/schema/mails.ts"
import { requirePermission } from "../../staff/requirePermission.ts"

/** Why a mail is in no ticket. */
export const apartOutcomes = ["automatic", "blocked", "flooding", "elsewhere", "duplicate"] as const
export type ApartOutcome = (typeof apartOutcomes)[number]

export interface MailApart {
  id: string
  outcome: (typeof mailOutcomes)[number]
  reason: string | null
  fromEmail: string
  fromName: string
  subject: string
  content: string
  authentication: MailAuthentication
  receivedAt: Date
}

const pageSize = 50
const cursorShape = z.tuple([z.string().check(z.refine(isInstant)), z.string().check(z.maxLength(100))])
const known = z.nullable(z.string())
const row = z.object({
  id: z.string(),
  outcome: z.enum(mailOutcomes),
  reason: known,
  from_email: z.string(),
  from_name: z.string(),
  subject: z.string(),
  content: known,
  authentication: z.object({ spf: known, dkim: known, dmarc: known }),
  received_at: z.string(),
})

/** One page of the mails that are in no ticket, the newest first. */
export async function listMailsApart(
  ctx: Context,
  input: { outcome?: ApartOutcome | undefined; after?: string | undefined },
): Promise<{ mails: MailApart[]; next: string | null }> {
  requirePermission(ctx, "tickets:read")
  const cursor = readCursor(input.after)
  const found = await ctx.db.execute(sql`
    select id, outcome, reason, from_email, from_name, subject, left(content, 20000) as content, authentication, received_at::text
    from received_mails
    where ticket_id is null and ${input.outcome ? sql`outcome = ${input.outcome}` : sql`true`}
      and ${cursor ? sql`(received_at, id) < (${cursor[0]}::timestamptz, ${cursor[1]})` : sql`true`}
    order by received_at desc, id desc limit ${pageSize + 1}`)
  const rows = found.rows.map((each) => row.parse(each))
  const shown = rows.slice(0, pageSize)
  const last = shown.at(-1)
  return {
    mails: shown.map(({ from_email, from_name, received_at, content, ...rest }) => ({
      ...rest,
      content: content ?? "",
      fromEmail: from_email,
      fromName: from_name,
      receivedAt: new Date(received_at),
    })),
    next: rows.length > pageSize && last ? JSON.stringify([last.received_at, last.id]) : null,
  }
}

/** A cursor that somebody has tampered with shows the newest. */
function readCursor(after: string | undefined): [string, string] | null {
  try {
    return cursorShape.parse(JSON.parse(after ?? "null"))
  } catch {
    return null
  }
}
