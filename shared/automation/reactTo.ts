import { type SQL, sql } from "drizzle-orm"
import type { Change } from "../billing/change.ts"
import { parseFacts, selectFacts } from "../billing/selectFacts.ts"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { uuidArray } from "../db/bulk.ts"
import { queueEmails } from "../email/queueEmails.ts"
import { parseSettings, selectSettings } from "../settings/readSettings.ts"
import { parseAutomation, selectAutomation } from "./loadAutomation.ts"
import { planAutomation } from "./planAutomation.ts"
import { dueNow, writeAutomation } from "./writeAutomation.ts"

/**
 * Has the rules react to changes that come from elsewhere than Stripe, and writes what they make of them in one batch with
 * `also`, what the changes themselves are written down as. A rule fires once for each change, whoever calls how often.
 */
export async function reactTo(
  ctx: Context<object, "emails">,
  { changes, also }: { changes: Change[]; also: SQL[] },
): Promise<void> {
  const { db } = ctx
  const now = ctx.now()
  const customerIds = new Set(changes.map(({ customerId }) => customerId))
  const theirs = sql`any(${uuidArray(customerIds)})`
  // What the facts of their running sequences take is known only to the database.
  const named = await db.execute<{ subscriptions: string[]; invoices: string[] }>(sql`
    select (select coalesce(jsonb_agg(id), '[]') from subscriptions where customer_id = ${theirs}) as subscriptions,
      (select coalesce(jsonb_agg(invoice_id), '[]') from enrolments
        where customer_id = ${theirs} and status = 'active' and invoice_id is not null) as invoices`)
  const [ids] = named.rows
  const [settingRows, ruleRows, sequenceRows, enrolmentRows, firingRows, ...factRows] = await db.batch([
    selectSettings(db),
    ...selectAutomation(db, theirs),
    ...selectFacts(db, {
      customerIds,
      subscriptionIds: new Set(ids?.subscriptions ?? []),
      invoiceIds: new Set(ids?.invoices ?? []),
    }),
  ])
  const automation = parseAutomation([ruleRows, sequenceRows, enrolmentRows, firingRows])
  const plan = planAutomation({
    now,
    newId: () => crypto.randomUUID(),
    brandTimeZone: parseSettings(settingRows).brand.timeZone,
    automation,
    changes,
    ...parseFacts(factRows),
  })
  await batch(db, [...also, ...writeAutomation(plan)])
  for (const problem of automation.problems) ctx.log.error("rule or sequence skipped", { ...problem })
  await queueEmails(ctx, dueNow(plan, now))
}
