import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { uuidArray } from "../../db/bulk.ts"
import type { FrozenMessage } from "../../db/schema/email.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import type { Settings } from "../../settings/settings.ts"
import { filesOfMessage, type ReplyFile } from "../reply/replyFile.ts"
import type { MailReply } from "./composeReply.ts"

export interface ClaimedReply extends Omit<MailReply, "ticket"> {
  attempts: number
  ticket: { number: number; subject: string; openerEmail: string | null }
  /** As it was sent, or was about to be, when somebody died. */
  frozen: FrozenMessage | null
  frozenAt: Date | null
  /** Why no mail goes to the opener. */
  suppressed: string | null
}

/** Whoever died over a message is followed by the next one after this long. */
const leaseMilliseconds = 120_000

type Row = {
  id: string
  content: string
  author_name: string
  author_kind: string
  attempts: number
  number: string
  subject: string
  opener_email: string | null
  frozen: FrozenMessage | null
  frozen_at: string | null
  suppressed: string | null
  earlier: string[]
  answers: string | null
  files: ReplyFile[]
}

const isDue = (now: string): SQL =>
  sql`m.delivery = 'queued' and m.next_attempt_at <= ${now}::timestamptz and t.source = 'email' and not m.internal`

/** Ids of messages in tickets by mail that wait to be sent, longest waiting first; none while sending is paused. */
export async function selectDueReplies(ctx: Context, limit: number): Promise<string[]> {
  const now = ctx.now().toISOString()
  const found = await ctx.db.execute<{ id: string }>(sql`
    select m.id from ticket_messages m join tickets t on t.id = m.ticket_id
    where ${isDue(now)} and not exists (select from sender_state where id = 'resend' and paused_until > ${now}::timestamptz)
    order by m.next_attempt_at limit ${limit}`)
  return found.rows.map(({ id }) => id)
}

/** Takes these messages where they are due, with all that sending them takes, in one round trip. */
export async function claimReplies(
  ctx: Context,
  ids: string[],
): Promise<{ replies: ClaimedReply[]; brand: Settings["brand"] }> {
  const now = ctx.now()
  const [settingRows, claimed] = await ctx.db.batch([
    selectSettings(ctx.db),
    ctx.db.execute<Row>(sql`
      with claimed as (
        update ticket_messages set attempts = attempts + 1,
          next_attempt_at = ${new Date(now.getTime() + leaseMilliseconds).toISOString()}::timestamptz
        where id in (
          select m.id from ticket_messages m join tickets t on t.id = m.ticket_id
          where m.id = any(${uuidArray(ids)}) and ${isDue(now.toISOString())}
            and not exists (select from sender_state where id = 'resend' and paused_until > ${now.toISOString()}::timestamptz)
          order by m.next_attempt_at for update of m skip locked)
        returning *)
      select (select ${filesOfMessage} from ticket_messages m where m.id = c.id) as files, c.id, c.content, c.author_name, c.author_kind, c.attempts, t.number, t.subject, t.opener_email,
        s.message as frozen, s.frozen_at,
        (select reason from suppressions where email = t.opener_email and "all" order by since limit 1) as suppressed,
        coalesce((select jsonb_agg(e.external_id order by e.sent_at, e.author_kind = 'bot', e.id) from (
          select external_id, sent_at, author_kind, id from ticket_messages where ticket_id = c.ticket_id and external_id is not null
            and not internal and id <> c.id order by sent_at desc, id desc limit 20) as e), '[]') as earlier,
        (select external_id from ticket_messages where ticket_id = c.ticket_id and origin = 'email' and author_kind in ('opener', 'other')
          order by sent_at desc, id desc limit 1) as answers
      from claimed c join tickets t on t.id = c.ticket_id left join ticket_mails s on s.message_id = c.id
      order by c.sent_at, c.id`),
  ])
  return { brand: parseSettings(settingRows).brand, replies: claimed.rows.map(readReply) }
}

const readReply = (row: Row): ClaimedReply => ({
  id: row.id,
  content: row.content,
  authorName: row.author_name,
  automatic: row.author_kind === "bot",
  attempts: row.attempts,
  ticket: { number: Number(row.number), subject: row.subject, openerEmail: row.opener_email },
  frozen: row.frozen,
  frozenAt: row.frozen_at === null ? null : new Date(row.frozen_at),
  suppressed: row.suppressed,
  earlier: row.earlier,
  answers: row.answers,
  files: row.files,
})
