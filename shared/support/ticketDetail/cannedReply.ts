import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { fillCannedText } from "../cannedText.ts"

/**
 * A canned reply as whoever asks would send it in this ticket; `plain` makes of what others have written text that is
 * nothing but text where it is sent. Throws `not_found`.
 */
export async function cannedReply(
  ctx: Context,
  input: { ticketId: string; replyId: string; plain?: (text: string) => string },
): Promise<string> {
  const { plain = (text) => text } = input
  requirePermission(ctx, "tickets:read")
  const [settingRows, found] = await ctx.db.batch([
    selectSettings(ctx.db),
    ctx.db.execute<{
      content: string
      number: string
      subject: string
      category: string
      opener: string
      name: string | null
      email: string | null
    }>(sql`
      select r.content, t.number::text, t.subject, coalesce(k.name, t.category_id) as category, t.opener_name as opener,
        c.name, coalesce(c.email, t.opener_email) as email
      from canned_replies r, tickets t left join customers c on c.id = t.customer_id
      left join ticket_categories k on k.id = t.category_id
      where r.id = ${input.replyId} and t.id = ${input.ticketId}`),
  ])
  const [row] = found.rows
  if (!row) throw new AppError("not_found", "There is no such canned reply any more.")
  const { brand } = parseSettings(settingRows)
  return fillCannedText(row.content, {
    "customer.name": plain(row.name ?? row.opener),
    "customer.email": plain(row.email ?? ""),
    "opener.name": plain(row.opener),
    "staff.name": plain("name" in ctx.actor ? (ctx.actor.name ?? "") : ""),
    "ticket.number": `#${row.number}`,
    "ticket.subject": plain(row.subject),
    "ticket.category": plain(row.category),
    "brand.name": brand.name,
    "brand.websiteUrl": brand.websiteUrl,
    "brand.accountUrl": brand.accountUrl,
    "brand.supportUrl": brand.supportUrl,
  })
}
