import { and, eq, isNull, sql } from "drizzle-orm"
import { emptyPlan } from "../automation/automationPlan.ts"
import { customerTimeZone } from "../automation/dueAt.ts"
import { planSteps } from "../automation/planSteps.ts"
import { sequenceSchema } from "../automation/sequenceSchema.ts"
import { dueNow, writeAutomation } from "../automation/writeAutomation.ts"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { sequences } from "../db/schema/automation.ts"
import { customers } from "../db/schema/billing.ts"
import { queueEmails } from "../email/queueEmails.ts"
import { AppError } from "../errors.ts"
import { parseSettings, selectSettings } from "../settings/readSettings.ts"
import { auditEntry } from "../staff/auditEntry.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { enrolmentColumns } from "./enrolments.ts"
import { enrolmentRecord } from "./records.ts"

/**
 * Enrols a customer in a sequence, once, and queues the mails that are due at once. Throws `not_found` for either,
 * `conflict` when the sequence is paused.
 */
export async function enrolCustomer(ctx: Context<object, "emails">, input: { customerId: string; sequenceId: string }) {
  requirePermission(ctx, "customers:write")
  const { customerId, sequenceId } = input
  const [[customer], [stored], settings] = await ctx.db.batch([
    ctx.db
      .select({ timeZone: customers.timeZone, country: customers.country })
      .from(customers)
      .where(and(eq(customers.id, customerId), isNull(customers.deletedAt))),
    ctx.db.select().from(sequences).where(eq(sequences.id, sequenceId)),
    selectSettings(ctx.db),
  ])
  if (!customer) throw new AppError("not_found", "There is no such customer.")
  if (!stored) throw new AppError("not_found", "There is no such sequence.")
  if (!stored.enabled) throw new AppError("conflict", `The sequence ${sequenceId} is paused.`)
  const { updatedAt: _, ...fields } = stored
  const sequence = sequenceSchema.parse(fields)
  const now = ctx.now()
  const enrolment = {
    id: crypto.randomUUID(),
    sequenceId,
    customerId,
    subjectId: customerId,
    subscriptionId: null,
    invoiceId: null,
    ruleId: "api",
    ruleVersion: 0,
    changeKey: `api:${sequenceId}:${customerId}`,
    eventId: null,
    changeData: {},
    startedAt: now,
    status: "active" as const,
    exitReason: null,
    endedAt: null,
  }
  const timeZone = customerTimeZone(customer, parseSettings(settings).brand.timeZone)
  const outbox = planSteps({ enrolment, sequence, timeZone, now, newId: () => crypto.randomUUID() })
  const plan = { ...emptyPlan(), enrolments: [enrolment], outbox }
  const results = await batch(ctx.db, [
    ...writeAutomation(plan),
    auditEntry(ctx, {
      action: "customer.enrolled",
      subject: { type: "customer", id: customerId },
      after: { sequence: sequenceId },
      where: sql`exists (select from enrolments where id = ${enrolment.id})`,
    }),
    sql`select ${enrolmentColumns} from enrolments e
      where e.sequence_id = ${sequenceId} and e.customer_id = ${customerId} and e.subject_id = ${customerId}`,
  ])
  const kept = enrolmentRecord.parse(results.at(-1)?.rows[0])
  if (kept.id === enrolment.id) await queueEmails(ctx, dueNow(plan, now))
  return kept
}
