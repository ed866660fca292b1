import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { cannedReplies, tickets } from "../../db/schema/support.ts"
import { AppError } from "../../errors.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { workingMinutesOn } from "../figures/workingMinutesOn.ts"
import { lateLimits, latenessOf } from "../listTickets/lateLimits.ts"
import { selectClaimers } from "../listTickets/selectClaimers.ts"
import { sameStaff, staffName } from "../listTickets/staffName.ts"
import { suggestCategory } from "../suggest/suggestCategory.ts"
import { type CategoryRow, parseSupport, selectSupport } from "../supportSetup.ts"
import { readConversation, readCursor, selectConversation } from "./conversation.ts"
import { readOpenerFacts, selectOpenerFacts } from "./openerFacts.ts"
import { selectVersion } from "./ticketVersion.ts"

export type TicketDetail = Awaited<ReturnType<typeof ticketDetail>>

/** A ticket with a page of its conversation and everything about its opener, in one round trip. Throws `not_found`. */
export async function ticketDetail(ctx: Context, input: { id: string; before?: string | undefined }) {
  requirePermission(ctx, "tickets:read")
  const { db } = ctx
  const { id } = input
  const now = ctx.now()
  const conversationQueries = selectConversation(db, input)
  const factQueries = selectOpenerFacts(db, id, now)
  const [[ticket], names, versions, settingRows, categories, canned, claimers, ...rest] = await db.batch([
    db.select().from(tickets).where(sql`${tickets.id} = ${id}`),
    db.execute<{
      claimer: string | null
      claimed_by: string | null
      closed_by: string | null
      first_by: string | null
    }>(sql`
      select ${sameStaff(sql`claimed_by`)} as claimer, ${staffName(sql`claimed_by`, sql`claimed_by_label`)} as claimed_by,
        ${staffName(sql`closed_by`, sql`closed_by_label`)} as closed_by,
        ${staffName(sql`first_response_by`, sql`null::text`)} as first_by
      from tickets where id = ${id}`),
    db.execute<{ version: string }>(selectVersion(id)),
    ...selectSupport(db),
    db
      .select({
        id: cannedReplies.id,
        name: cannedReplies.name,
        categoryId: cannedReplies.categoryId,
        keywords: cannedReplies.keywords,
      })
      .from(cannedReplies)
      .orderBy(sql`name, id`)
      .limit(500),
    db.execute<{ id: string; name: string }>(selectClaimers),
    ...conversationQueries,
    ...factQueries,
  ])
  if (!ticket) throw new AppError("not_found", "There is no such ticket.")
  const [messages, first, edits, attachments, events, mails, ...facts] = rest
  const setup = parseSupport(settingRows, categories)
  const category = setup.categories.find((each) => each.id === ticket.categoryId)
  return {
    ticket,
    category: category?.name ?? ticket.categoryId,
    categories: setup.categories,
    suggested: suggestionOf(ticket, setup.categories),
    /** As an actor. */
    claimer: names.rows[0]?.claimer ?? null,
    claimedBy: names.rows[0]?.claimed_by ?? null,
    closedBy: names.rows[0]?.closed_by ?? null,
    firstResponseBy: names.rows[0]?.first_by ?? null,
    late: latenessOf(ticket, lateLimits(setup, now)),
    dueAt: category ? workingMinutesOn(limitOf(ticket, category), ticket.openedAt, setup.settings.supportHours) : null,
    version: versions.rows[0]?.version ?? "",
    isNewest: readCursor(input.before) === null,
    conversation: readConversation(
      [messages, first, edits, attachments, events, mails],
      readCursor(input.before) === null,
    ),
    canned,
    /** The canned reply that the text asks for most. */
    suggestedReply: suggestCategory(`${ticket.subject}\n${ticket.description}`, canned).categoryId,
    claimers: claimers.rows,
    facts: readOpenerFacts(facts),
  }
}

/** Working minutes until the next thing that is promised. */
const limitOf = (ticket: { firstResponseAt: Date | null }, category: CategoryRow) =>
  ticket.firstResponseAt === null ? category.firstResponseMinutes : category.resolutionMinutes

/** Where the text of the ticket disagrees with what was chosen. */
function suggestionOf(ticket: typeof tickets.$inferSelect, categories: CategoryRow[]) {
  const category =
    ticket.suggestedCategoryId && ticket.suggestedCategoryId !== ticket.categoryId
      ? categories.find(({ id }) => id === ticket.suggestedCategoryId)
      : undefined
  const priority =
    ticket.suggestedPriority && ticket.suggestedPriority !== ticket.priority ? ticket.suggestedPriority : undefined
  return { category, priority }
}
