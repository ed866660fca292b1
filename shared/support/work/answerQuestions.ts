import { sql } from "drizzle-orm"
import { jsonb } from "../../db/bulk.ts"
import { ticketCategories, tickets } from "../../db/schema/support.ts"
import { AppError } from "../../errors.ts"
import { createMessage } from "../../vendors/discord/messages.ts"
import type { TicketAnswer, TicketQuestion } from "../categorySchema.ts"
import { escapeMarkdown } from "../escapeMarkdown.ts"
import { keepable } from "../keepable.ts"
import { unanswered } from "../open/unanswered.ts"
import { escapedWithin } from "../place/escapedWithin.ts"
import { showClaim } from "../place/showClaim.ts"
import type { TicketContext } from "../ticketContext.ts"

/** The questions that the ticket's opener has not been asked. Throws `not_found`, `conflict` for anybody else and where there are none. */
export async function askedQuestions(ctx: TicketContext, { id }: { id: string }): Promise<TicketQuestion[]> {
  const { questions } = await load(ctx, id)
  if (questions.length === 0) throw new AppError("conflict", "The questions have been answered, or there are none.")
  return questions
}

/**
 * Keeps what the opener answers to the questions of the category, and says it in the ticket. Done again under the same
 * `once` it is done once. Throws `not_found`, `conflict` for anybody else and where they are answered.
 */
export async function answerQuestions(
  ctx: TicketContext,
  { id, once, answerTo }: { id: string; once: string; answerTo: (questionId: string) => string },
): Promise<void> {
  const { ticket, category } = await load(ctx, id)
  const answers: TicketAnswer[] = (category?.questions ?? []).map((question) => ({
    question: question.label,
    answer: keepable(answerTo(question.id), 4000),
  }))
  const same = sql`answers = ${jsonb(answers)}`
  const now = ctx.now().toISOString()
  const kept = await ctx.db.execute<{ channel_id: string | null; control_message_id: string | null }>(sql`
    update tickets set answers = ${jsonb(answers)}, last_from = 'opener', nudged_at = null, warned_at = null,
      last_message_at = ${now}::timestamptz, show_at = ${now}::timestamptz, version = version + case when ${same} then 0 else 1 end
    where id = ${ticket.id} and status in ('opening', 'open') and (answers = '[]' or ${same})
    returning channel_id, control_message_id`)
  const [row] = kept.rows
  if (!row) throw new AppError("conflict", "The questions have been answered already, or the ticket is closed.")
  // Where its first message is still to come, they are in it.
  if (!row.channel_id || !row.control_message_id) return
  await createMessage(ctx.vendors.discord, {
    channelId: row.channel_id,
    nonce: `answers-${once}`.slice(0, 25),
    message: {
      embeds: [
        {
          title: `${escapeMarkdown(ticket.openerName).slice(0, 100)} answers`,
          fields: answers.map(({ question, answer }) => ({
            name: escapeMarkdown(question).slice(0, 256),
            value: escapedWithin(answer, 1024) || "–",
          })),
        },
      ],
    },
  })
  await showClaim(ctx, { id: ticket.id })
}

async function load(ctx: TicketContext, id: string) {
  const { actor } = ctx
  const [[ticket], [category]] = await ctx.db.batch([
    ctx.db.select().from(tickets).where(sql`${tickets.id}::text = ${id}`),
    ctx.db
      .select()
      .from(ticketCategories)
      .where(sql`${ticketCategories.id} = (select category_id from tickets t where t.id::text = ${id})`),
  ])
  if (!ticket) throw new AppError("not_found", "There is no such ticket.")
  if (actor.kind !== "discord" || actor.userId !== ticket.openerId)
    throw new AppError("conflict", "These questions are for who opened the ticket.")
  return { ticket, category, questions: unanswered(ticket, category) }
}
