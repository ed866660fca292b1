import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { enrolments, rules, sequences } from "../db/schema/automation.ts"
import { emailOutbox } from "../db/schema/email.ts"
import { stripeEvents } from "../db/schema/webhooks.ts"
import { AppError } from "../errors.ts"

export interface EnrolmentExplanation {
  id: string
  customerId: string
  subject: string
  status: (typeof enrolments.$inferSelect)["status"]
  exitReason: string | null
  endedAt: Date | null
  sequence: { id: string; name: string }
  /** The version that fired, and the one in use now. */
  rule: { id: string; name: string; version: number; currentVersion: number | null }
  change: { key: string; occurredAt: Date; data: Record<string, unknown> }
  event: { id: string; type: string | null; receivedAt: Date | null } | null
  steps: Pick<
    typeof emailOutbox.$inferSelect,
    "id" | "step" | "templateId" | "templateVersion" | "dueAt" | "status" | "reason" | "sentAt" | "delivery"
  >[]
}

/**
 * Why a customer is in a sequence and what became of each mail: event, rule with its version, change, steps. An outbox
 * row names its enrolment and step, so that a mail is explained by the same. Throws `not_found`.
 */
export async function explainEnrolment(ctx: Context, id: string): Promise<EnrolmentExplanation> {
  if (!z.uuid().safeParse(id).success) throw new AppError("not_found", `"${id}" is not the id of an enrolment.`)
  const [found, steps] = await ctx.db.batch([
    ctx.db
      .select({ enrolment: enrolments, rule: rules, sequence: sequences, event: eventColumns })
      .from(enrolments)
      .leftJoin(rules, sql`${rules.id} = ${enrolments.ruleId}`)
      .leftJoin(sequences, sql`${sequences.id} = ${enrolments.sequenceId}`)
      .leftJoin(stripeEvents, sql`${stripeEvents.id} = ${enrolments.eventId}`)
      .where(sql`${enrolments.id} = ${id}::uuid`),
    ctx.db
      .select(stepColumns)
      .from(emailOutbox)
      .where(sql`${emailOutbox.enrolmentId} = ${id}::uuid`)
      .orderBy(emailOutbox.step),
  ])
  const [row] = found
  if (!row) throw new AppError("not_found", `There is no enrolment "${id}".`)
  const { enrolment, rule, sequence, event } = row
  return {
    id: enrolment.id,
    customerId: enrolment.customerId,
    subject: enrolment.subjectId,
    status: enrolment.status,
    exitReason: enrolment.exitReason,
    endedAt: enrolment.endedAt,
    sequence: { id: enrolment.sequenceId, name: sequence?.name ?? enrolment.sequenceId },
    rule: {
      id: enrolment.ruleId,
      name: rule?.name ?? enrolment.ruleId,
      version: enrolment.ruleVersion,
      currentVersion: rule?.version ?? null,
    },
    change: { key: enrolment.changeKey, occurredAt: enrolment.startedAt, data: enrolment.changeData },
    event: enrolment.eventId === null ? null : { type: null, receivedAt: null, ...event, id: enrolment.eventId },
    steps,
  }
}

const eventColumns = { id: stripeEvents.id, type: stripeEvents.type, receivedAt: stripeEvents.receivedAt }

const stepColumns = {
  id: emailOutbox.id,
  step: emailOutbox.step,
  templateId: emailOutbox.templateId,
  templateVersion: emailOutbox.templateVersion,
  dueAt: emailOutbox.dueAt,
  status: emailOutbox.status,
  reason: emailOutbox.reason,
  sentAt: emailOutbox.sentAt,
  delivery: emailOutbox.delivery,
}
