import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { jsonb, uuidArray } from "../db/bulk.ts"
import type { SendResult } from "../vendors/resend.ts"
import { completeEnrolments } from "./completeEnrolments.ts"
import type { FrozenRequest } from "./freezeEmails.ts"
import { keyLifeMilliseconds } from "./openRequests.ts"

/** Writes down what Resend answered to a request; the table of results is in docs/email.md. */
export async function recordResult(ctx: Context, request: FrozenRequest, result: SendResult): Promise<void> {
  switch (result.kind) {
    case "accepted":
      return recordItems(ctx, request, result.items)
    case "rejected":
      ctx.log.error("resend refused a request", {
        request: request.id,
        reason: result.reason,
        mails: request.emails.length,
      })
      return recordItems(
        ctx,
        request,
        request.emails.map(() => ({ rejected: result.reason })),
      )
    case "paused":
      ctx.log.error("sending is paused", { reason: result.reason, seconds: result.afterSeconds })
      return postponeRequest(ctx, request, result, true)
    case "retry":
      ctx.log.warn("request will be sent again", {
        request: request.id,
        reason: result.reason,
        seconds: result.afterSeconds,
      })
      return postponeRequest(ctx, request, result, false)
  }
}

async function recordItems(
  ctx: Context,
  request: FrozenRequest,
  items: ({ id: string } | { rejected: string })[],
): Promise<void> {
  const now = ctx.now()
  const rows = request.emails.map(({ id }, index) => {
    const item = items[index]
    if (item && "id" in item) return { id, status: "sent", resend_id: item.id, reason: null, sent_at: now }
    return {
      id,
      status: "failed",
      resend_id: null,
      reason: item?.rejected ?? "Resend's answer did not mention it.",
      sent_at: null,
    }
  })
  await batch(ctx.db, [
    sql`update email_outbox o set status = r.status, reason = r.reason, sent_at = coalesce(o.sent_at, r.sent_at),
        resend_id = coalesce(o.resend_id, r.resend_id)
      from jsonb_to_recordset(${jsonb(rows)}) as r(id uuid, status text, reason text, resend_id text, sent_at timestamptz)
      where o.id = r.id and o.status in ('sending', 'unknown')`,
    sql`insert into timeline_entries (key, customer_id, occurred_at, kind, data, source, source_id)
      select 'email.sent:' || o.id, o.customer_id, o.sent_at, 'email.sent',
        jsonb_build_object('outbox', o.id, 'template', o.template_id, 'subject', o.message ->> 'subject'), 'rule', o.id::text
      from email_outbox o where o.id = any(${uuidArray(rows.filter(({ status }) => status === "sent").map(({ id }) => id))})
      on conflict (key) do nothing`,
    sql`update email_requests set status = 'done' where id = ${request.id}`,
    completeEnrolments(
      rows.map(({ id }) => id),
      now,
    ),
  ])
}

/** Leaves the request open for later, or gives it up when its key is about to expire: a webhook may still settle it. */
async function postponeRequest(
  ctx: Context,
  request: FrozenRequest,
  { reason, afterSeconds }: { reason: string; afterSeconds: number },
  pauseSender: boolean,
): Promise<void> {
  const now = ctx.now()
  const again = new Date(now.getTime() + afterSeconds * 1000)
  const expired = again.getTime() - request.firstAttemptAt.getTime() > keyLifeMilliseconds
  const statements = [
    sql`update email_requests set status = ${expired ? "given_up" : "open"}, lease_until = ${again.toISOString()}, last_answer = ${reason}
      where id = ${request.id} and status = 'open'`,
  ]
  if (expired)
    statements.push(
      sql`update email_outbox set status = 'unknown', reason = ${`no answer within 23 hours: ${reason}`} where request_id = ${request.id} and status = 'sending'`,
    )
  if (pauseSender)
    statements.push(sql`
      insert into sender_state (id, paused_until, reason) values ('resend', ${again.toISOString()}, ${reason})
      on conflict (id) do update set paused_until = excluded.paused_until, reason = excluded.reason`)
  await batch(ctx.db, statements)
}
