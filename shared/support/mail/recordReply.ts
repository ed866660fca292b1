import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import type { SendResult } from "../../vendors/resend.ts"
import { takeBackAnswer } from "../reply/takeBackAnswer.ts"
import type { ClaimedReply } from "./claimReplies.ts"

/** Of a message that Resend may have sent; what its webhooks tell later settles it. */
export const outcomeUnknown = "Whether it was sent is unknown"

/** Writes down what Resend answered. What may have been sent is never sent under another key. */
export async function recordReply(ctx: Context, reply: ClaimedReply, result: SendResult): Promise<void> {
  const { id, attempts } = reply
  if (result.kind !== "accepted")
    ctx.log.warn("reply not sent by mail", { message: id, attempts, kind: result.kind, reason: result.reason })
  await batch(ctx.db, statements(ctx, reply, result))
}

function statements(ctx: Context, { id, attempts }: ClaimedReply, result: SendResult): SQL[] {
  switch (result.kind) {
    case "accepted": {
      const [item] = result.items
      if (item && "id" in item)
        return [...sent(id), sql`update ticket_mails set resend_id = ${item.id} where message_id = ${id}`]
      if (item && "rejected" in item) return refused(id, item.rejected)
      return failed(id, `${outcomeUnknown}: ${item?.unknown ?? "Resend's answer does not mention it"}.`)
    }
    case "rejected":
      return refused(id, result.reason)
    case "conflict":
      return failed(id, `${outcomeUnknown}: ${result.reason}.`)
    case "paused":
    case "retry": {
      const wait = Math.max(result.afterSeconds, Math.min(1800, 15 * 2 ** Math.min(attempts, 7)))
      const again = new Date(ctx.now().getTime() + wait * 1000).toISOString()
      return [
        sql`update ticket_messages set next_attempt_at = ${again}::timestamptz, error = ${result.reason.slice(0, 500)}
          where id = ${id} and delivery = 'queued'`,
      ]
    }
  }
}

/** A webhook may have told of a bounce before. */
const sent = (id: string): SQL[] => [
  sql`update ticket_messages set delivery = 'sent', error = null, next_attempt_at = null where id = ${id} and delivery = 'queued'`,
]

/** Certainly not sent: it is written anew when somebody has it tried again. */
const refused = (id: string, reason: string): SQL[] => [
  ...failed(id, reason),
  sql`delete from ticket_mails where message_id = ${id}`,
]

const failed = (id: string, error: string): SQL[] => [
  sql`update ticket_messages set delivery = 'failed', error = ${error.slice(0, 500)}, next_attempt_at = null
    where id = ${id} and delivery = 'queued'`,
  takeBackAnswer(sql`m.id = ${id}`),
]
