import { type SQL, sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { sqlState } from "../../db/sqlState.ts"
import { AppError } from "../../errors.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { parseSupport, selectSupport } from "../supportSetup.ts"
import { uuidFrom } from "../uuidFrom.ts"
import { asCorrespondent } from "./asCorrespondent.ts"
import { correspondentOf } from "./correspondentOf.ts"
import { fetchMailsAgain } from "./fetchMailsAgain.ts"
import { keepMailMessage } from "./keepMailMessage.ts"
import { openMailTicket } from "./openMailTicket.ts"

const told = z.nullable(z.string())
const kept = z.object({
  id: z.string(),
  rfc_id: z.string(),
  refers_to: z.array(z.string()),
  from_email: z.string(),
  from_name: z.string(),
  reply_to_email: z.nullable(z.string()),
  reply_to_name: z.nullable(z.string()),
  authentication: z.object({ spf: told, dkim: told, dmarc: told }),
  subject: z.string(),
  content: z.nullable(z.string()),
  received_at: z.coerce.date(),
  customer_id: z.nullable(z.string()),
  reply_to_customer_id: z.nullable(z.string()),
})

const customerWith = (
  email: SQL,
): SQL => sql`(select id from customers where lower(email) = ${email} and erased_at is null and merged_into is null
  order by deleted_at is not null, created_at desc, id limit 1)`

const changedSince = "22012"

/**
 * Opens a ticket from a mail that opened none by itself; its files follow, nothing is answered by itself. Returns the
 * ticket's id, also of one that somebody has opened from it already. Throws `not_found`, and `bad_request` where it names
 * no sender.
 */
export async function openFromMail(ctx: Context, input: { id: string }): Promise<string> {
  requirePermission(ctx, "tickets:write")
  const [settingRows, categories, found] = await ctx.db.batch([
    ...selectSupport(ctx.db),
    ctx.db.execute(sql`
      select r.*, ${customerWith(sql`r.from_email`)} as customer_id, ${customerWith(sql`r.reply_to_email`)} as reply_to_customer_id
      from received_mails r where r.id = ${input.id}`),
  ])
  const [row] = found.rows
  if (!row) throw new AppError("not_found", "There is no such mail any more.")
  if (row.ticket_id !== null) return String(row.ticket_id)
  const { customer_id, reply_to_customer_id, ...read } = kept.parse(row)
  if (read.from_email === "")
    throw new AppError("bad_request", "The mail names no sender, so nobody could be answered.")
  const mail = {
    id: read.id,
    rfcId: read.rfc_id,
    refersTo: read.refers_to,
    fromEmail: read.from_email,
    fromName: read.from_name,
    replyTo:
      read.reply_to_email === null
        ? null
        : { email: read.reply_to_email, name: read.reply_to_name ?? read.reply_to_email },
    authentication: read.authentication,
    subject: read.subject,
    content: read.content ?? "",
    receivedAt: read.received_at,
  }
  const ticketId = await uuidFrom(`mail ticket ${mail.id}`)
  const messageId = await uuidFrom(`mail message ${mail.id}`)
  const setup = parseSupport(settingRows, categories)
  try {
    await batch(ctx.db, [
      sql`select id from received_mails where id = ${mail.id} for update`,
      sql`select 1 / (case when exists (select from received_mails where id = ${mail.id} and ticket_id is null) then 1 else 0 end)`,
      ...(await openMailTicket(ctx, {
        ticketId,
        mail,
        setup,
        customerId: customer_id ?? (correspondentOf(mail).email === mail.replyTo?.email ? reply_to_customer_id : null),
        follows: null,
      })),
      keepMailMessage({ ticketId, messageId, authorKind: "opener", mail: asCorrespondent(mail) }),
      sql`update received_mails set ticket_id = ${ticketId}, message_id = ${messageId}, content = null where id = ${mail.id}`,
      fetchMailsAgain(sql`select ${mail.id}::text`, ctx.now()),
      auditEntry(ctx, {
        action: "ticket.openedFromMail",
        subject: { type: "ticket", id: ticketId },
        after: { mail: mail.id },
      }),
    ])
  } catch (thrown) {
    // Somebody else has just done the same.
    if (sqlState(thrown) !== changedSince) throw thrown
  }
  return ticketId
}
