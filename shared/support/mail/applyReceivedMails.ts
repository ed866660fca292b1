import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { textArray } from "../../db/bulk.ts"
import { AppError, toAppError } from "../../errors.ts"
import type { FileStore } from "../../files/fileStore.ts"
import type { ResendReceiving } from "../../vendors/resendReceiving.ts"
import { keepable } from "../keepable.ts"
import { ticketRef } from "../ticketRef.ts"
import { copyMailFiles } from "./copyMailFiles.ts"
import { readIncomingMail } from "./incomingMail.ts"
import { keepMail } from "./keepMail.ts"

type MailContext = Context<{ receiving: ResendReceiving; files: FileStore }, "emails">

/** Longer than a mail with all its files takes. */
const leaseMilliseconds = 300_000
/** Waits before a mail is fetched again, in minutes; after the last one it is set aside. */
const backoffMinutes = [1, 2, 10, 30, 120, 300, 600]
const event = z.looseObject({ data: z.looseObject({ email_id: z.string() }) })

type Claimed = { svix_id: string; payload: string; attempts: number }

/** Mails within one message of the queue, and how long they may take: others wait behind. The sweep brings what is left. */
const most = 25
const mostMilliseconds = 60_000

/**
 * Applies stored events that tell of a received mail: fetches the mail, keeps it, copies its files. Each mail by itself, so
 * that one at which somebody dies, or that cannot be read, holds nobody back; done again, nothing is done twice. While
 * Resend does not answer the rest is left for later.
 */
export async function applyReceivedMails(
  ctx: MailContext,
  input: { ids: string[] },
): Promise<{ applied: number; failed: number }> {
  const report = { applied: 0, failed: 0 }
  const until = ctx.now().getTime() + mostMilliseconds
  while (report.applied + report.failed < most && ctx.now().getTime() < until) {
    const row = await claimOne(ctx, input.ids)
    const done = row && (await applyOne(ctx, row))
    if (done === "applied") report.applied++
    else if (done === "failed") report.failed++
    else break
  }
  return report
}

/** In the order in which they were received: an answer comes after what it answers, mostly. */
async function claimOne(ctx: MailContext, ids: string[]): Promise<Claimed | null> {
  const now = ctx.now()
  const claimed = await ctx.db.execute<Claimed>(sql`
    update resend_events set attempts = attempts + 1,
      next_attempt_at = ${new Date(now.getTime() + leaseMilliseconds).toISOString()}::timestamptz
    where svix_id = (
      select svix_id from resend_events
      where svix_id = any(${textArray(ids)}) and type = 'email.received' and status in ('received', 'retrying')
        and next_attempt_at <= ${now.toISOString()}::timestamptz
      order by created_at, svix_id limit 1 for update skip locked)
    returning svix_id, payload, attempts`)
  return claimed.rows[0] ?? null
}

async function applyOne(ctx: MailContext, row: Claimed): Promise<"applied" | "failed" | "vendor down"> {
  try {
    const { email_id } = event.parse(JSON.parse(row.payload)).data
    const email = await ctx.vendors.receiving.get(email_id)
    if (email === null) throw new AppError("vendor_unavailable", "Resend does not have the mail, or not yet.")
    const mail = readIncomingMail({ ...email, id: email_id }, ctx.now())
    const kept = await keepMail({ ...ctx, actor: { kind: "resend", eventId: row.svix_id } }, mail)
    await announce(ctx, kept.acknowledgementId)
    await copyMailFiles(ctx, { emailId: email_id })
    await settle(ctx, row, { status: "applied", reason: null })
    ctx.log.info("mail received", { event: row.svix_id, mail: email_id, outcome: kept.outcome })
    return "applied"
  } catch (thrown) {
    const error = thrown instanceof z.core.$ZodError ? unreadable(thrown) : toAppError(thrown)
    const wait = error.retry ? backoffMinutes[row.attempts - 1] : undefined
    const reason = keepable(error.message, 500)
    ctx.log.error("received mail not applied", { event: row.svix_id, code: error.code, reason, again: wait ?? null })
    await settle(ctx, row, wait === undefined ? { status: "failed", reason } : { status: "retrying", reason, wait })
    return error.code === "vendor_unavailable" ? "vendor down" : "failed"
  }
}

const unreadable = (cause: unknown) => new AppError("bad_request", "The event names no mail.", { cause })

/** Whoever sends mail hears of it at once; if not, the sweep finds it. */
async function announce(ctx: MailContext, messageId: string | null): Promise<void> {
  if (messageId === null) return
  try {
    await ctx.queues.emails.send({ ids: [ticketRef("reply", messageId)] })
  } catch (error) {
    ctx.log.warn("queue down; the sweep will send the acknowledgement", { message: messageId, error: String(error) })
  }
}

const settle = (
  ctx: MailContext,
  row: Claimed,
  to: { status: "applied" | "retrying" | "failed"; reason: string | null; wait?: number },
) =>
  ctx.db.execute(sql`
    update resend_events set status = ${to.status}, reason = ${to.reason},
      settled_at = ${to.status === "retrying" ? null : ctx.now().toISOString()}::timestamptz,
      next_attempt_at = ${new Date(ctx.now().getTime() + (to.wait ?? 0) * 60_000).toISOString()}::timestamptz
    where svix_id = ${row.svix_id} and attempts = ${row.attempts} and status in ('received', 'retrying')`)
