import { type SQL, sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { BatchResults } from "../../db/batchResults.ts"
import type { Database } from "../../db/client.ts"
import { isInstant } from "../../db/isInstant.ts"
import type { MailAuthentication, mailOutcomes } from "../../db/schema/mails.ts"
import { ticketAttachments, ticketEvents, ticketMessageEdits, ticketMessages } from "../../db/schema/support.ts"
import { staffName } from "../listTickets/staffName.ts"

type MessageRow = typeof ticketMessages.$inferSelect

export interface ConversationMessage extends MessageRow {
  type: "message"
  at: Date
  /** Earlier wordings, oldest first. */
  edits: { until: Date; content: string }[]
  attachments: (typeof ticketAttachments.$inferSelect)[]
  /** Of what came by mail: whether nobody wrote it, and what is known of its sender. */
  mail: { outcome: (typeof mailOutcomes)[number]; reason: string | null; authentication: MailAuthentication } | null
}

export interface ConversationEvent {
  type: "event"
  id: string
  kind: (typeof ticketEvents.$inferSelect)["kind"]
  at: Date
  who: string
  data: Record<string, string | number | null>
}

export interface Conversation {
  /** Oldest first: what was said, and what happened in between. */
  items: (ConversationMessage | ConversationEvent)[]
  /** Where earlier messages end; null where these are the first. */
  earlier: string | null
}

const pageSize = 100
const cursorShape = z.tuple([z.string().check(z.refine(isInstant)), z.uuid()])

/** The queries of one page of a conversation, the newest or what came before a cursor. */
export function selectConversation(db: Database, { id, before }: { id: string; before?: string | undefined }) {
  const cursor = readCursor(before)
  const older: SQL = cursor ? sql`and (sent_at, id) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)` : sql``
  const onPage = sql`(
    select id from ticket_messages where ticket_id = ${id} ${older} order by sent_at desc, id desc limit ${pageSize + 1})`
  return [
    db.select().from(ticketMessages).where(sql`${ticketMessages.id} in ${onPage}`).orderBy(sql`sent_at, id`),
    db.execute<{ exact: string; id: string }>(
      sql`select sent_at::text as exact, id from ticket_messages where id in ${onPage} order by sent_at, id limit 2`,
    ),
    db.select().from(ticketMessageEdits).where(sql`message_id in ${onPage}`).orderBy(sql`until`),
    db.select().from(ticketAttachments).where(sql`message_id in ${onPage}`).orderBy(sql`name, id`),
    db
      .select({
        id: ticketEvents.id,
        kind: ticketEvents.kind,
        at: ticketEvents.at,
        data: ticketEvents.data,
        who: sql<string>`${staffName(sql`${ticketEvents.actor}`, sql`${ticketEvents.actorLabel}`)}`,
      })
      .from(ticketEvents)
      .where(sql`${ticketEvents.ticketId} = ${id}`)
      .orderBy(sql`${ticketEvents.at}, ${ticketEvents.id}`)
      .limit(1000),
    db.execute<{
      message_id: string
      outcome: (typeof mailOutcomes)[number]
      reason: string | null
      authentication: MailAuthentication
    }>(sql`select message_id, outcome, reason, authentication from received_mails where message_id in ${onPage}`),
  ] as const
}

export function readConversation(
  [messages, first, edits, attachments, events, mails]: BatchResults<ReturnType<typeof selectConversation>>,
  isNewest: boolean,
): Conversation {
  const hasEarlier = messages.length > pageSize
  const shown = hasEarlier ? messages.slice(1) : messages
  const begins = hasEarlier ? first.rows[1] : undefined
  const editsOf = Map.groupBy(edits, ({ messageId }) => messageId)
  const filesOf = Map.groupBy(attachments, ({ messageId }) => messageId)
  const mailOf = new Map(mails.rows.map((mail) => [mail.message_id, mail]))
  const from = hasEarlier ? shown[0]?.sentAt.getTime() : undefined
  const until = isNewest ? undefined : shown.at(-1)?.sentAt.getTime()
  const items = [
    ...shown.map((message): ConversationMessage => {
      const mail = mailOf.get(message.id)
      return {
        ...message,
        type: "message",
        at: message.sentAt,
        edits: editsOf.get(message.id) ?? [],
        attachments: filesOf.get(message.id) ?? [],
        mail: mail ? { outcome: mail.outcome, reason: mail.reason, authentication: mail.authentication } : null,
      }
    }),
    ...events
      .filter(
        ({ at }) => (from === undefined || at.getTime() >= from) && (until === undefined || at.getTime() <= until),
      )
      .map((event): ConversationEvent => ({ ...event, type: "event" })),
  ]
  return {
    // Of the same moment what was said comes first: somebody writes, and closes.
    items: items.toSorted((a, b) => a.at.getTime() - b.at.getTime()),
    earlier: begins ? JSON.stringify([begins.exact, begins.id]) : null,
  }
}

/** A cursor that somebody has tampered with shows the newest. */
export function readCursor(before: string | undefined): [string, string] | null {
  if (!before) return null
  try {
    return cursorShape.parse(JSON.parse(before))
  } catch {
    return null
  }
}
