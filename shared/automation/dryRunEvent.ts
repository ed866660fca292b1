import { sql } from "drizzle-orm"
import { fetchMissing } from "../billing/apply/fetchMissing.ts"
import { foldBatch } from "../billing/apply/foldBatch.ts"
import { loadState } from "../billing/apply/loadState.ts"
import { Lookups } from "../billing/apply/lookups.ts"
import { readClaimed } from "../billing/apply/readClaimed.ts"
import { resolveOwners } from "../billing/apply/resolveOwners.ts"
import type { Context } from "../context.ts"
import { AppError } from "../errors.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { emptyPlan } from "./automationPlan.ts"
import { dryRun } from "./dryRun.ts"
import type { EventDryRun } from "./dryRunService.ts"
import type { PlanInput } from "./planAutomation.ts"
import type { Rule } from "./ruleSchema.ts"

/**
 * Who would have got what, had this event come now: by the rules in use, or with `rule` in place of its kept version.
 * Writes nothing and asks Stripe nothing. Throws `not_found` where the event was never received.
 */
export async function dryRunEvent(ctx: Context, input: { eventId: string; rule?: Rule }): Promise<EventDryRun> {
  requirePermission(ctx, "automations:read")
  const found = await ctx.db.execute<{ type: string; created_at: string; received_at: string; payload: string }>(
    sql`select type, created_at::text, received_at::text, payload from stripe_events where id = ${input.eventId}`,
  )
  const [row] = found.rows
  if (!row) throw new AppError("not_found", `No event ${input.eventId} has been received.`)
  const claimed = {
    id: input.eventId,
    type: row.type,
    createdAt: new Date(row.created_at),
    receivedAt: new Date(row.received_at),
    payload: row.payload,
    attempts: 0,
    unsettled: false,
  }
  const batch = readClaimed([claimed])
  const silent = { ...ctx, vendors: { stripe: { retrieve: async () => null } } }
  const lookups = new Lookups(silent.vendors.stripe)
  await resolveOwners(silent, batch, lookups)
  const state = await loadState(ctx, batch.items)
  const fetched = await fetchMissing(batch, state, lookups)
  const planned: { input?: PlanInput } = {}
  foldBatch({
    batch,
    state,
    fetched,
    now: ctx.now(),
    newId: () => crypto.randomUUID(),
    plan: (given) => {
      planned.input = given
      return emptyPlan()
    },
  })
  const { input: given } = planned
  if (!given) return { event: { id: input.eventId, type: row.type }, customerId: null, changes: [] }
  const { changes, automation, ...rest } = given
  const rules = input.rule
    ? [...automation.rules.filter(({ id }) => id !== input.rule?.id), { ...input.rule, enabled: true }]
    : automation.rules
  return {
    event: { id: input.eventId, type: row.type },
    customerId: changes[0]?.customerId ?? null,
    changes: changes.map((change) => ({
      kind: change.kind,
      ...dryRun({ ...rest, change, automation: { ...automation, rules } }),
    })),
  }
}
