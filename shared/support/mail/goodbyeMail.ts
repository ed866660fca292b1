import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import type { tickets } from "../../db/schema/support.ts"
import type { Settings } from "../../settings/settings.ts"
import { uuidFrom } from "../uuidFrom.ts"

const ratings = ["very good", "good", "so-so", "bad", "very bad"]

/**
 * What whoever opened a ticket by mail is told when it is closed, for the batch that closes it, once for each time. Whom
 * nobody has answered hears nothing: what is closed unanswered is mostly no person's.
 */
export async function goodbyeMail(
  ctx: Context,
  input: {
    ticket: typeof tickets.$inferSelect
    /** Where they read what was said. */
    transcript: string
    settings: Pick<Settings, "brand" | "support">
  },
): Promise<SQL[]> {
  const { ticket, transcript, settings } = input
  if (ticket.source !== "email" || ticket.openerEmail === null || ticket.firstResponseAt === null) return []
  const id = await uuidFrom(`mail goodbye ${ticket.id} ${ticket.closedAt?.toISOString()}`)
  const { reopenDays } = settings.support
  const content = [
    "Hello,",
    "",
    `your ticket #${ticket.number} is closed: ${ticket.closeReason ?? "no reason was given"}`,
    "",
    `What was said, for you to keep: ${transcript}`,
    "",
    "How did we do? Choose, then press Send on the page:",
    ...ratings.map((word, index) => `${5 - index} of 5, ${word}: ${transcript}/rating?stars=${5 - index}`),
    ...(reopenDays > 0
      ? ["", `If it is not settled, answer this mail within ${reopenDays} days, and it opens again.`]
      : []),
    "",
    settings.brand.name,
  ].join("\n")
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  return [
    sql`
      insert into ticket_messages (id, ticket_id, origin, author_name, author_kind, content, sent_at, delivery, next_attempt_at)
      select ${id}, t.id, 'email', ${settings.brand.name}, 'bot', ${content}, ${now}, 'queued', ${now}
      from tickets t where t.id = ${ticket.id} and t.status = 'closing' and t.attempts = ${ticket.attempts} and not exists (select from support_blocks where subject = ${ticket.openerEmail} and (until is null or until > ${now}))
      on conflict (id) do nothing`,
  ]
}
