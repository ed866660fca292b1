import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import { type EnrolmentExplanation, explainEnrolment } from "../automation/explainEnrolment.ts"
import type { Context } from "../context.ts"
import { textArray } from "../db/bulk.ts"
import { timelineEntries } from "../db/schema/billing.ts"
import { emailOutbox, emailRequests } from "../db/schema/email.ts"
import { AppError } from "../errors.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { toldKinds } from "./toldKinds.ts"

export interface EmailExplanation {
  mail: typeof emailOutbox.$inferSelect
  /** The request that carried it, with Resend's last answer that was not "sent". */
  request: typeof emailRequests.$inferSelect | null
  /** What became of it, in the order in which it happened; `sourceId` is the svix-id of Resend's event. */
  told: { kind: string; occurredAt: Date; sourceId: string | null; data: Record<string, unknown> }[]
  /** Why it exists: event, rule, change, sequence. Null for a mail that is no step of a sequence. */
  because: EnrolmentExplanation | null
}

/** Why a mail exists and what became of it. Throws `not_found`. */
export async function explainEmail(ctx: Context, outboxId: string): Promise<EmailExplanation> {
  requirePermission(ctx, "outbox:read")
  if (!z.uuid().safeParse(outboxId).success) throw new AppError("not_found", `"${outboxId}" is not the id of a mail.`)
  const { db } = ctx
  const [found, told] = await db.batch([
    db
      .select({ mail: emailOutbox, request: emailRequests })
      .from(emailOutbox)
      .leftJoin(emailRequests, sql`${emailRequests.id} = ${emailOutbox.requestId}`)
      .where(sql`${emailOutbox.id} = ${outboxId}::uuid`),
    db
      .select(toldColumns)
      .from(timelineEntries)
      .where(sql`${timelineEntries.key} = any(${textArray(toldKinds.map((kind) => `${kind}:${outboxId}`))})`)
      .orderBy(timelineEntries.occurredAt),
  ])
  const [row] = found
  if (!row) throw new AppError("not_found", `There is no mail "${outboxId}".`)
  const { enrolmentId } = row.mail
  return { ...row, told, because: enrolmentId ? await explainEnrolment(ctx, enrolmentId) : null }
}

const toldColumns = {
  kind: timelineEntries.kind,
  occurredAt: timelineEntries.occurredAt,
  sourceId: timelineEntries.sourceId,
  data: timelineEntries.data,
}
