import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { jsonb } from "../db/bulk.ts"
import { notifyStaff } from "../staff/notifyStaff.ts"
import type { SendResult, SentItem } from "../vendors/resend.ts"
import { completeEnrolments } from "./completeEnrolments.ts"
import { type FrozenRequest, keyLifeMilliseconds } from "./openRequests.ts"
import { sentTimeline } from "./sentTimeline.ts"

/** Writes down, in one batch, what Resend answered to a request; the table of results is in docs/email.md. */
export async function recordResult(ctx: Context, request: FrozenRequest, result: SendResult): Promise<void> {
  const fields = { request: request.id, mails: request.emails.length, attempts: request.attempts }
  switch (result.kind) {
    case "accepted":
      return recordItems(ctx, request, result.items)
    case "rejected":
      ctx.log.error("resend refused a request", { ...fields, reason: result.reason })
      if (request.emails.length > 1) return sendOneByOne(ctx, request, result.reason)
      return recordItems(ctx, request, [{ rejected: result.reason }])
    case "conflict":
      ctx.log.error("resend knows the key of a request for another one", { ...fields, reason: result.reason })
      return giveUp(ctx, request, result.reason)
    case "paused":
      ctx.log.error("sending is paused", { ...fields, reason: result.reason, seconds: result.afterSeconds })
      return pause(ctx, request, result)
    case "retry":
      ctx.log.warn("request will be sent again", { ...fields, reason: result.reason, seconds: result.afterSeconds })
      return postpone(ctx, request, result)
  }
}

async function recordItems(ctx: Context, request: FrozenRequest, items: SentItem[]): Promise<void> {
  const now = ctx.now()
  const rows = request.emails.map(({ id }, index) => ({ id, ...outcome(items[index], now) }))
  await batch(ctx.db, [
    // Whoever cancelled a mail after it was frozen came too late, and a webhook may have come first: the row says what is true.
    sql`update email_outbox o set status = r.status, reason = r.reason, sent_at = least(o.sent_at, r.sent_at),
        resend_id = coalesce(o.resend_id, r.resend_id)
      from jsonb_to_recordset(${jsonb(rows)}) as r(id uuid, status text, reason text, resend_id text, sent_at timestamptz)
      where o.id = r.id and o.request_id = ${request.id} 
        and (o.status in ('sending', 'unknown', 'cancelled') or (o.status = 'sent' and r.status = 'sent'))`,
    sentTimeline(request.emails.map(({ id, message }) => ({ id, subject: message.subject }))),
    close(request, null),
    completeEnrolments(
      rows.map(({ id }) => id),
      now,
    ),
  ])
}

function outcome(item: SentItem | undefined, now: Date) {
  if (item && "id" in item) return { status: "sent", reason: null, resend_id: item.id, sent_at: now }
  if (item && "rejected" in item) return { status: "failed", reason: item.rejected }
  return { status: "unknown", reason: item?.unknown ?? "Resend's answer does not mention it." }
}

const close = (request: FrozenRequest, answer: string | null): SQL =>
  sql`update email_requests set status = 'done', last_answer = ${answer} where id = ${request.id} and status = 'open'`

/** A batch that was refused as a whole has sent nothing: each of its mails goes out by itself, and the bad one fails alone. */
async function sendOneByOne(ctx: Context, request: FrozenRequest, reason: string): Promise<void> {
  const now = ctx.now().toISOString()
  const rows = request.emails.map(({ id }) => ({ id, request_id: crypto.randomUUID() }))
  const record = sql`jsonb_to_recordset(${jsonb(rows)}) as r(id uuid, request_id uuid)`
  await ctx.db.execute(sql`
    with closed as (${close(request, reason)} returning id),
    single as (
      insert into email_requests (id, status, lease_until, attempts, first_attempt_at)
      select r.request_id, 'open', ${now}, 0, ${now} from ${record}, closed)
    update email_outbox o set request_id = r.request_id, request_index = 0
    from ${record}, closed where o.id = r.id and o.request_id = closed.id`)
}

/** Certainly not taken: who was never in doubt becomes due again, to be looked at anew after the pause. */
async function pause(
  ctx: Context,
  request: FrozenRequest,
  { reason, afterSeconds }: { reason: string; afterSeconds: number },
): Promise<void> {
  const until = new Date(ctx.now().getTime() + afterSeconds * 1000)
  const statements = [
    sql`insert into sender_state (id, paused_until, reason) values ('resend', ${until.toISOString()}, ${reason})
      on conflict (id) do update set paused_until = excluded.paused_until, reason = excluded.reason`,
    notifyStaff(ctx, {
      key: `resend-paused:${reason}:${until.toISOString().slice(0, 10)}`,
      message: `Sending is paused: ${reason}`,
    }),
  ]
  if (request.attempts <= 1) statements.push(becomeDue(request, reason, null))
  statements.push(...putOff(request, reason, until))
  await batch(ctx.db, statements)
}

/** Dissolves a request that was never in doubt: its mails are looked at anew, not before `again` if told. */
const becomeDue = (request: FrozenRequest, reason: string, again: Date | null): SQL => sql`
  with closed as (${close(request, reason)} and attempts <= 1 returning id)
  update email_outbox o set status = 'due', reason = ${reason}, message = null, template_version = null,
    request_index = null, lease_until = ${again?.toISOString() ?? null}
  from closed where o.request_id = closed.id and o.status = 'sending'`

/**
 * Leaves the request open for later, or gives it up when its key is about to expire. What was certainly not taken is
 * dissolved instead: by then an invoice may be paid, or a customer gone.
 */
async function postpone(
  ctx: Context,
  request: FrozenRequest,
  { reason, afterSeconds, maybeAccepted }: { reason: string; afterSeconds: number; maybeAccepted: boolean },
): Promise<void> {
  const backoff = Math.min(600, 15 * 2 ** Math.min(request.attempts, 6))
  const again = new Date(ctx.now().getTime() + Math.max(afterSeconds, backoff) * 1000)
  if (again.getTime() - request.firstAttemptAt.getTime() > keyLifeMilliseconds)
    return giveUp(ctx, request, `no answer within 23 hours: ${reason}`)
  const dissolved = !maybeAccepted && request.attempts <= 1 ? [becomeDue(request, reason, again)] : []
  await batch(ctx.db, [...dissolved, ...putOff(request, reason, again)])
}

const putOff = (request: FrozenRequest, reason: string, again: Date): SQL[] => [
  sql`update email_requests set lease_until = ${again.toISOString()}, last_answer = ${reason}
    where id = ${request.id} and status = 'open'`,
]

/** Never to be sent again: a webhook with our tag may still say that it went out. */
async function giveUp(ctx: Context, request: FrozenRequest, reason: string): Promise<void> {
  await batch(ctx.db, [
    sql`update email_requests set status = 'given_up', last_answer = ${reason} where id = ${request.id} and status = 'open'`,
    sql`update email_outbox set status = 'unknown', reason = ${reason} where request_id = ${request.id} and status = 'sending'`,
    completeEnrolments(
      request.emails.map(({ id }) => id),
      ctx.now(),
    ),
    notifyStaff(ctx, {
      key: `resend-request:${request.id}`,
      message: `Whether ${request.emails.length} mail(s) went out is unknown: ${reason}`,
    }),
  ])
}
