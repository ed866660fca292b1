import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { cannedReplies } from "../../db/schema/support.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import { fillCannedText } from "../cannedText.ts"
import { escapeMarkdown } from "../escapeMarkdown.ts"
import { suggestCategory } from "./suggestCategory.ts"

export interface SuggestedReply {
  id: string
  name: string
  /** As an opener may read it in Discord; null where it is for staff to send. */
  answer: string | null
}

const most = 3

/** Canned replies that a ticket's words call for, the likeliest first. */
export async function suggestReplies(
  ctx: Context,
  ticket: { description: string; categoryId: string; openerName: string },
): Promise<SuggestedReply[]> {
  const [settingRows, replies] = await ctx.db.batch([
    selectSettings(ctx.db),
    ctx.db
      .select()
      .from(cannedReplies)
      .where(
        sql`cardinality(${cannedReplies.keywords}) > 0 and coalesce(${cannedReplies.categoryId}, ${ticket.categoryId}) = ${ticket.categoryId}`,
      )
      .orderBy(cannedReplies.id),
  ])
  const { brand } = parseSettings(settingRows)
  const found: SuggestedReply[] = []
  let left = replies
  while (found.length < most) {
    const { categoryId: id } = suggestCategory(ticket.description, left)
    const reply = left.find((each) => each.id === id)
    if (!reply) break
    const values = {
      "opener.name": escapeMarkdown(ticket.openerName),
      "brand.name": brand.name,
      "brand.websiteUrl": brand.websiteUrl,
      "brand.accountUrl": brand.accountUrl,
      "brand.supportUrl": brand.supportUrl,
    }
    found.push({
      id: reply.id,
      name: reply.name,
      answer: reply.suggested ? fillCannedText(reply.content, values) : null,
    })
    left = left.filter((each) => each !== reply)
  }
  return found
}
