import { type SQL, sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { jsonb, textArray } from "../../db/bulk.ts"
import { ticketStatuses } from "../../db/schema/support.ts"
import { parseSupport, type SupportSetup, selectSupport } from "../supportSetup.ts"
import { correspondentOf } from "./correspondentOf.ts"
import { acknowledgedHours, floodMinutes, type MailFacts, type MailThread } from "./decideMail.ts"
import type { IncomingMail } from "./incomingMail.ts"
import { isRobot } from "./isRobot.ts"
import { withoutTag } from "./mailAddress.ts"
import { wireId } from "./mailHeaders.ts"
import { tokensIn } from "./ticketToken.ts"

export interface LoadedMail {
  /** Open tickets of the sender's that the mail shows to be the same as its own: they are merged into that. */
  same: MailThread[]
  /** Whether this very mail has been kept before. */
  kept: boolean
  facts: MailFacts
  setup: SupportSetup
  customerId: string | null
  /** Mails kept of the sender, which tells whether another one came in between. */
  sendersMails: number
}

const about = z.object({
  kept: z.boolean(),
  duplicate: z.boolean(),
  blocked: z.boolean(),
  recent: z.coerce.number(),
  acknowledged: z.coerce.number(),
  senders_mails: z.coerce.number(),
  customer_id: z.nullable(z.string()),
})

const thread = z.object({
  id: z.string(),
  number: z.coerce.number(),
  status: z.enum(ticketStatuses),
  version: z.coerce.number(),
  opener_email: z.nullable(z.string()),
  closed_at: z.nullable(z.coerce.date()),
  certain: z.boolean(),
})

/** Everything that decides what a mail does, in one round trip. */
export async function loadMailFacts(ctx: Context, mail: IncomingMail): Promise<LoadedMail> {
  const [settingRows, categories, known, threads] = await ctx.db.batch([
    ...selectSupport(ctx.db),
    ctx.db.execute(selectAbout(mail, ctx.now())),
    ctx.db.execute(selectThread(mail)),
  ])
  const setup = parseSupport(settingRows, categories)
  const { brand, support } = setup.settings
  const { kept, senders_mails, customer_id, ...rest } = about.parse(known.rows[0])
  const found = threads.rows.map((row) => thread.parse(row))
  const [own = null, ...others] = found.map(threadOf)
  const certain = new Set(found.flatMap((each) => (each.certain ? [each.id] : [])))
  const theirs = (each: MailThread) =>
    each.status === "open" && each.openerEmail === mail.fromEmail && certain.has(each.id)
  return {
    kept,
    setup,
    customerId: customer_id,
    sendersMails: senders_mails,
    same: own && theirs(own) ? others.filter(theirs) : [],
    facts: {
      ...rest,
      own: [brand.replyTo, brand.fromEmail].map((email) => withoutTag(email.toLowerCase())),
      thread: own,
      reopenDays: support.reopenDays,
    },
  }
}

const threadOf = ({ opener_email, closed_at, certain: _, ...rest }: z.infer<typeof thread>): MailThread => ({
  ...rest,
  openerEmail: opener_email,
  closedAt: closed_at,
})

/** How many mails of the sender are kept, as it is read and, when a mail is written, checked. */
export const countSendersMails = (fromEmail: string): SQL =>
  sql`(select count(*) from received_mails where from_email = ${fromEmail})`

function selectAbout(mail: IncomingMail, now: Date): SQL {
  const { id, rfcId, fromEmail, replyTo, receivedAt } = mail
  const { email } = correspondentOf(mail)
  const addresses = [fromEmail, email]
  const blockable = textArray(addresses.flatMap((each) => [each, withoutTag(each)]))
  // Through one form many people write.
  const writer = isRobot(fromEmail) ? sql`reply_to_email is not distinct from ${replyTo?.email ?? null}` : sql`true`
  const received = sql`${receivedAt.toISOString()}::timestamptz`
  return sql`
    select
      exists (select from received_mails where id = ${id}) as kept,
      exists (select from received_mails where from_email = ${fromEmail} and rfc_id = ${rfcId} and id <> ${id}) as duplicate,
      exists (select from support_blocks
        where subject = any(${blockable}) and (until is null or until > ${now.toISOString()}::timestamptz)) as blocked,
      (select count(*) from received_mails where from_email = ${fromEmail} and ${writer}
        and received_at between ${received} - make_interval(mins => ${floodMinutes}::integer) and ${received}) as recent,
      (select count(*) from ticket_messages m join tickets t on t.id = m.ticket_id
        where t.source = 'email' and t.opener_email = ${fromEmail} and m.origin = 'email' and m.author_kind = 'bot' and m.delivery is not null
          and m.sent_at > ${now.toISOString()}::timestamptz - make_interval(hours => ${acknowledgedHours}::integer)) as acknowledged,
      ${countSendersMails(fromEmail)} as senders_mails,
      (select id from customers where lower(email) = any(${textArray(addresses)}) and erased_at is null and merged_into is null
        order by lower(email) = ${fromEmail} desc, deleted_at is not null, created_at desc, id limit 1) as customer_id`
}

/** Of tickets that one mail shows to be the same. */
const mostTickets = 5

/**
 * The ticket that a mail belongs to, first, and others that it refers to as well. Whoever answers a mail of ours has it; an answer to somebody else's mail counts where
 * the sender opened the ticket or wrote that mail, or it went to them, too: a Message-ID alone may be guessed or read somewhere. The
 * same holds for what arrives after its own answer, and for answers that arrive before what they answer. A number in the subject or the recipient counts for who opened it.
 */
function selectThread(mail: IncomingMail): SQL {
  const { fromEmail } = mail
  const refers = textArray(mail.refersTo)
  const numbers = tokensIn(mail.subject, mail.recipients)
  return sql`
    with found as (
      select m.ticket_id, 1 as certainty from ticket_messages m where m.external_id = any(${refers}) and m.delivery is not null
      union all
      select m.ticket_id, 1 from ticket_mails s join ticket_messages m on m.id = s.message_id where s.wire_id = any(${textArray(mail.refersTo.map(wireId))})
      union all
      select m.ticket_id, 2 from ticket_messages m join tickets t on t.id = m.ticket_id
      where m.external_id = any(${refers}) and m.origin = 'email' and (t.opener_email = ${fromEmail} or exists (
        select from received_mails r where r.ticket_id = t.id and (${fromEmail} = any(r.recipients) or r.message_id = m.id and r.from_email = ${fromEmail})))
      union all
      select r.ticket_id, 3 from received_mails r
      where (r.refers_to @> array[${mail.rfcId}]::text[] or r.refers_to && ${refers}) and r.from_email = ${fromEmail}
      union all
      select t.id, 4 from jsonb_array_elements_text(${jsonb(numbers)}) as named join tickets t on t.number = named::bigint
      where t.opener_email = ${fromEmail})
    select t.id, t.number, t.status, t.version, t.opener_email, t.closed_at, min(found.certainty) <= 3 as certain
    from found join tickets f on f.id = found.ticket_id join tickets t on t.id = coalesce(f.merged_into, f.id)
    where t.source = 'email' group by t.id
    order by (t.status = 'closed'), min(found.certainty), t.last_message_at desc, t.id limit ${mostTickets}`
}
