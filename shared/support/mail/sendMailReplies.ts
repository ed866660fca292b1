import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { jsonb } from "../../db/bulk.ts"
import type { FrozenMessage } from "../../db/schema/email.ts"
import { AppError } from "../../errors.ts"
import { base64 } from "../../files/base64.ts"
import type { FileStore } from "../../files/fileStore.ts"
import type { Settings } from "../../settings/settings.ts"
import type { MailAttachment, ResendApi, SendResult } from "../../vendors/resend.ts"
import { readReplyFile } from "../reply/replyFile.ts"
import { type ClaimedReply, claimReplies } from "./claimReplies.ts"
import { composeReply, ownMessageId } from "./composeReply.ts"
import { recordReply } from "./recordReply.ts"

type MailContext = Context<{ resend: ResendApi; files: FileStore }>

/** Resend keeps a key for 24 hours; past this, sending again could be sending twice. */
const keyLifeMilliseconds = 23 * 3_600_000

/** Few enough that they are sent within their lease. */
const claimedAtOnce = 5

/**
 * Sends messages of tickets by mail, as written in the staff pages or by us: claim, freeze, send, record. A message at which
 * somebody died is sent again as it stands, under the same key, so that it goes out once.
 */
export async function sendMailReplies(
  ctx: MailContext,
  input: { ids: string[] },
): Promise<{ sent: number; left: number }> {
  const report = { sent: 0, left: 0 }
  for (let start = 0; start < input.ids.length; start += claimedAtOnce) {
    const { replies, brand } = await claimReplies(ctx, input.ids.slice(start, start + claimedAtOnce))
    for (const reply of replies) {
      const result = await send(ctx, reply, brand)
      await recordReply(ctx, reply, result)
      if (result.kind === "accepted") report.sent++
      else report.left++
    }
  }
  return report
}

async function send(ctx: MailContext, reply: ClaimedReply, brand: Settings["brand"]): Promise<SendResult> {
  const { openerEmail } = reply.ticket
  if (openerEmail === null) return { kind: "rejected", reason: "The opener has no address." }
  if (reply.frozen === null && reply.suppressed !== null)
    return {
      kind: "rejected",
      reason: `No mail goes to ${openerEmail}: ${suppressions[reply.suppressed] ?? reply.suppressed}.`,
    }
  // Somebody who has it tried again, after it was given up, means it.
  const expired = reply.frozenAt !== null && ctx.now().getTime() - reply.frozenAt.getTime() > keyLifeMilliseconds
  if (expired && reply.attempts > 1) return { kind: "conflict", reason: "no answer within 23 hours" }
  const message = await freeze(ctx, reply, brand, openerEmail)
  try {
    const attachments = await attachmentsOf(ctx, message)
    return await ctx.vendors.resend.send([{ ...message, attachments }], reply.id)
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== "not_found") throw thrown
    return { kind: "rejected", reason: thrown.message }
  }
}

/** One after the other, so that no more is held than has to be. */
async function attachmentsOf(ctx: MailContext, { files = [] }: FrozenMessage): Promise<MailAttachment[]> {
  const found: MailAttachment[] = []
  for (const file of files) {
    const bytes = await (await readReplyFile(ctx.vendors.files, file)).bytes()
    found.push({ filename: file.name, contentType: file.contentType, content: base64(bytes) })
  }
  return found
}

const suppressions: Record<string, string> = {
  bounce: "an earlier mail came back for good",
  complaint: "a mail was reported as spam",
  vendor: "Resend refuses to",
  manual: "staff have said so",
}

/** Writes down what is about to be sent, or reads what somebody else has written down. */
async function freeze(
  ctx: Context,
  reply: ClaimedReply,
  brand: Settings["brand"],
  openerEmail: string,
): Promise<FrozenMessage> {
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  if (reply.frozen !== null && reply.attempts > 1) return reply.frozen
  const composed = composeReply({ ...reply, ticket: { ...reply.ticket, openerEmail } }, brand)
  const [, , stored] = await batch(ctx.db, [
    sql`insert into ticket_mails (message_id, message, frozen_at) values (${reply.id}, ${jsonb(composed)}, ${now})
      on conflict (message_id) do update set frozen_at = excluded.frozen_at`,
    sql`update ticket_messages set external_id = coalesce(external_id, ${ownMessageId(reply.id, brand)}) where id = ${reply.id}`,
    sql`select message from ticket_mails where message_id = ${reply.id}`,
  ])
  const message = stored?.rows[0]?.message
  if (!isMessage(message)) throw new AppError("internal", `Message ${reply.id} is not frozen.`)
  return message
}

const isMessage = (value: unknown): value is FrozenMessage =>
  typeof value === "object" && value !== null && "to" in value && "subject" in value
