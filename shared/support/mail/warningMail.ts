import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import type { tickets } from "../../db/schema/support.ts"
import type { Settings } from "../../settings/settings.ts"
import { uuidFrom } from "../uuidFrom.ts"

/** What whoever opened a ticket by mail is told before it is closed for want of an answer, once for each silence. */
export async function warningMail(
  ctx: Context,
  ticket: typeof tickets.$inferSelect,
  settings: Pick<Settings, "brand" | "support">,
): Promise<SQL> {
  const id = await uuidFrom(`mail warning ${ticket.id} ${ticket.lastMessageAt.toISOString()}`)
  const left = Math.max(1, settings.support.closeHours - settings.support.warnHours)
  const content = [
    "Hello,",
    "",
    `did our last mail help? Without a word from you, ticket #${ticket.number} is closed in ${left} hours; an answer opens it again.`,
    "",
    settings.brand.name,
  ].join("\n")
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  return sql`
    insert into ticket_messages (id, ticket_id, origin, author_name, author_kind, content, sent_at, delivery, next_attempt_at)
    select ${id}, t.id, 'email', ${settings.brand.name}, 'bot', ${content}, ${now}, 'queued', ${now}
    from tickets t where t.id = ${ticket.id} and t.status = 'open' and t.opener_email is not null
    on conflict (id) do nothing`
}
