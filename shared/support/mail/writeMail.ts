import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { jsonb, textArray } from "../../db/bulk.ts"
import { notifyStaff } from "../../staff/notifyStaff.ts"
import { mergeStatements } from "../merge/mergeStatements.ts"
import type { SupportSetup } from "../supportSetup.ts"
import { ticketEvent } from "../ticketEvent.ts"
import { uuidFrom } from "../uuidFrom.ts"
import { acknowledgement, numberPlace } from "./acknowledgement.ts"
import { asCorrespondent } from "./asCorrespondent.ts"
import { correspondentOf } from "./correspondentOf.ts"
import type { MailDecision, MailThread } from "./decideMail.ts"
import type { IncomingMail } from "./incomingMail.ts"
import { keepMailFiles } from "./keepMailFiles.ts"
import { keepMailMessage } from "./keepMailMessage.ts"
import { countSendersMails, type LoadedMail } from "./loadMailFacts.ts"
import { openMailTicket } from "./openMailTicket.ts"

export interface WrittenMail {
  statements: SQL[]
  /** The message that acknowledges it, to be sent. */
  acknowledgementId: string | null
}

/** What a mail writes, as statements for one batch. It fails with SQLSTATE 22012 where what was read has changed since. */
export async function writeMail(
  ctx: Context,
  { mail, loaded, decision }: { mail: IncomingMail; loaded: LoadedMail; decision: MailDecision },
): Promise<WrittenMail> {
  const { outcome, thread } = decision
  const opens = outcome === "opened"
  const ticketId = opens ? await uuidFrom(`mail ticket ${mail.id}`) : (thread?.id ?? null)
  const messageId = ticketId && (await uuidFrom(`mail message ${mail.id}`))
  const acknowledgementId = decision.acknowledge ? await uuidFrom(`mail acknowledgement ${mail.id}`) : null
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  const at = sql`${mail.receivedAt.toISOString()}::timestamptz`
  const place = ticketId && messageId ? { ticketId, messageId, at, now } : null
  const statements = [
    ...guard(mail, loaded, decision),
    ...(opens && place
      ? await openMailTicket(ctx, { ...loaded, ticketId: place.ticketId, mail, follows: decision.follows })
      : []),
    ...(place
      ? [
          keepMailMessage({
            ...place,
            mail: opens ? asCorrespondent(mail) : mail,
            authorKind: authorOf(mail, decision),
          }),
        ]
      : []),
    ...(outcome === "continued" && place ? [...joined(ctx, loaded, thread), continueTicket(place)] : []),
    ...(outcome === "reopened" && place ? reopenTicket(ctx, mail, place) : []),
    ...(acknowledgementId && place ? [acknowledge(ctx, loaded.setup, acknowledgementId, place)] : []),
    keepMail(mail, decision, { ticketId, messageId, at, now }),
    ...keepMailFiles(mail),
    ...tellStaff(ctx, mail, decision),
  ]
  return { statements, acknowledgementId }
}

interface Place {
  ticketId: string
  messageId: string
  at: SQL
  now: SQL
}

/** Mails of one sender come one after the other, and nobody else changes the ticket meanwhile. */
function guard(mail: IncomingMail, { sendersMails }: LoadedMail, { thread }: MailDecision): SQL[] {
  return [
    sql`select pg_advisory_xact_lock(hashtextextended(${mail.fromEmail}, 6))`,
    ...(thread ? [sql`select id from tickets where id = ${thread.id} for update`] : []),
    sql`select 1 / (case when
      exists (select from received_mails where id = ${mail.id})
      or ${countSendersMails(mail.fromEmail)} <> ${sendersMails}::bigint
      or ${thread ? sql`not exists (select from tickets where id = ${thread.id} and status = ${thread.status} and merged_into is null)` : sql`false`}
      then 0 else 1 end)`,
  ]
}

function authorOf(mail: IncomingMail, { outcome, thread }: MailDecision) {
  if (outcome === "automatic") return "bot"
  const addresses: unknown[] = [mail.fromEmail, correspondentOf(mail).email]
  return thread === null || addresses.includes(thread.openerEmail) ? "opener" : "other"
}

/** An answer that came before what it answers had opened a ticket of its own. Each merge changes the ticket's version. */
const joined = (ctx: Context, { same }: LoadedMail, thread: MailThread | null): SQL[] =>
  thread === null
    ? []
    : same.flatMap((from, index) =>
        mergeStatements(ctx, { from, into: { ...thread, version: thread.version + index } }),
      )

/** The opener spoke: whoever was to be reminded of it needs no reminder. */
const spoken = (at: SQL): SQL => sql`
  last_from = case when last_message_at <= ${at} then 'opener' else last_from end, last_message_at = greatest(last_message_at, ${at}),
  nudged_at = null, warned_at = null, close_asked_at = null, version = version + 1`

const continueTicket = ({ ticketId, at }: Place): SQL => sql`update tickets set ${spoken(at)} where id = ${ticketId}`

const reopenTicket = (ctx: Context, mail: IncomingMail, { ticketId, at, now }: Place): SQL[] => [
  ticketEvent(ctx, { ticketId, kind: "reopened", once: mail.id, label: mail.fromName }),
  sql`update tickets set status = 'open', reopened_at = ${now}, closed_at = null, closed_by = null, closed_by_label = null,
    close_reason = null, next_attempt_at = null, lease_until = null, attempts = 0, error = null, ${spoken(at)} where id = ${ticketId}`,
]

function acknowledge(ctx: Context, { settings }: SupportSetup, id: string, { ticketId, now }: Place): SQL {
  const content = acknowledgement(settings, ctx.now())
  return sql`
    insert into ticket_messages (id, ticket_id, origin, author_name, author_kind, content, sent_at, delivery, next_attempt_at)
    select ${id}, t.id, 'email', ${settings.brand.name}, 'bot', replace(${content}, ${numberPlace}, t.number::text), ${now}, 'queued', ${now}
    from tickets t where t.id = ${ticketId}`
}

function keepMail(
  mail: IncomingMail,
  { outcome, reason }: MailDecision,
  { ticketId, messageId, at, now }: { ticketId: string | null; messageId: string | null; at: SQL; now: SQL },
): SQL {
  const { id, rfcId, refersTo, fromEmail, fromName, replyTo, recipients, subject, content, authentication } = mail
  return sql`
    insert into received_mails (id, message_id, ticket_id, outcome, reason, rfc_id, refers_to, from_email, from_name, reply_to_email, reply_to_name, recipients,
      subject, content, authentication, received_at, kept_at)
    values (${id}, ${messageId}, ${ticketId}, ${outcome}, ${reason}, ${rfcId}, ${textArray(refersTo)}, ${fromEmail}, ${fromName},
      ${replyTo?.email ?? null}, ${replyTo?.name ?? null},
      ${textArray(recipients)}, ${subject}, ${messageId === null ? content : null}, ${jsonb(authentication)}, ${at}, ${now})`
}

/** What a person may have written and nobody would see. */
function tellStaff(ctx: Context, mail: IncomingMail, decision: MailDecision): SQL[] {
  if (!decision.tell) return []
  const day = ctx.now().toISOString().slice(0, 10)
  const { outcome, thread } = decision
  const key = [`mail-${outcome}`, mail.fromEmail, ...(thread ? [thread.id] : []), day].join(":")
  return [notifyStaff(ctx, { key, message: `${whatCame(mail, decision)} ${whereItIs(thread)}` })]
}

function whatCame({ fromEmail, recipients, subject }: IncomingMail, { outcome, reason }: MailDecision): string {
  if (outcome === "flooding") return `${fromEmail} writes more mails than a person does.`
  if (outcome === "elsewhere")
    return `A mail from ${fromEmail} came to none of our addresses, but to ${recipients.slice(0, 3).join(", ") || "nobody"}.`
  return `A mail from ${fromEmail || "nobody"}, ${JSON.stringify(subject.slice(0, 100))}, seems to be automatic: ${reason}.`
}

const whereItIs = (thread: MailThread | null): string =>
  thread
    ? `It is kept in ticket #${thread.number}, which stays as it is.`
    : "It is kept under Other mail, and opens no ticket."
