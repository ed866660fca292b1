import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { insertRows, jsonb } from "../db/bulk.ts"
import { customers, stageHistory as historyTable, subscriptionStates, subscriptions } from "../db/schema/billing.ts"
import { parseSettings, selectSettings } from "../settings/readSettings.ts"
import { customerStages } from "./customerStages.ts"

/**
 * Moves on the customers whose stage changes by the passing of time alone (purchase to onboarding, churned to win-back).
 * Returns how many were looked at; fewer than `limit` means that none is left.
 */
export async function reviewStages(ctx: Context, limit: number): Promise<number> {
  const now = ctx.now()
  const due = sql`(select id from customers where stage_review_at <= ${now.toISOString()} order by stage_review_at limit ${limit})`
  const [settingRows, customerRows, stateRows, subscriptionRows] = await ctx.db.batch([
    selectSettings(ctx.db),
    ctx.db.select().from(customers).where(sql`${customers.id} in ${due}`),
    ctx.db.select().from(subscriptionStates).where(sql`${subscriptionStates.customerId} in ${due}`),
    ctx.db.select().from(subscriptions).where(sql`${subscriptions.customerId} in ${due}`),
  ])
  if (customerRows.length === 0) return 0
  const settings = parseSettings(settingRows)
  const states = Map.groupBy(stateRows, (row) => row.customerId)
  const current = Map.groupBy(subscriptionRows, (row) => row.customerId)
  const reviewed = customerRows.map((customer) => {
    const history = customerStages(
      {
        createdAt: customer.createdAt,
        states: states.get(customer.id) ?? [],
        subscriptions: current.get(customer.id) ?? [],
        now,
      },
      settings.lifecycle,
    )
    return { id: customer.id, version: customer.version, ...history }
  })
  const entries = reviewed.flatMap(({ id, entries: stages }) => stages.map((entry) => ({ customerId: id, ...entry })))
  await batch(ctx.db, [
    // Whoever applied an event to the customer meanwhile has derived the stage anew already.
    sql`update customers c set stage = r.stage, stage_since = r.since, stage_review_at = r.review_at, version = c.version + 1
      from jsonb_to_recordset(${jsonb(reviewed.map(({ id, version, stage, since, reviewAt }) => ({ id, version, stage, since, review_at: reviewAt })))})
        as r(id uuid, version integer, stage text, since timestamptz, review_at timestamptz)
      where c.id = r.id and c.version = r.version`,
    ...(entries.length === 0
      ? []
      : [
          sql`${insertRows(historyTable, entries).statement}
      on conflict (customer_id, since) do update set stage = excluded.stage where stage_history.stage <> excluded.stage`,
        ]),
  ])
  return customerRows.length
}
