import { type SQL, sql } from "drizzle-orm"
import { insertRows, jsonb } from "../db/bulk.ts"
import { enrolments, ruleFirings, staffNotifications } from "../db/schema/automation.ts"
import { emailOutbox } from "../db/schema/email.ts"
import type { AutomationPlan } from "./automationPlan.ts"

/** A plan as statements for the batch that writes its changes; at most six, each with one parameter for all rows. */
export function writeAutomation(plan: AutomationPlan): SQL[] {
  const once = sql`on conflict do nothing`
  return [
    ...ifAny(plan.firings, (rows) => sql`${insertRows(ruleFirings, rows).statement} ${once}`),
    ...ifAny(plan.enrolments, (rows) => sql`${insertRows(enrolments, rows).statement} ${once}`),
    // Where the enrolment was there already, its mails are too.
    ...ifAny(
      plan.outbox,
      (rows) => sql`
      ${insertRows(emailOutbox, rows).statement} where exists (select from enrolments e where e.id = enrolment_id) ${once}`,
    ),
    ...ifAny(plan.exits, exitEnrolments),
    ...ifAny(plan.tags, changeTags),
    ...ifAny(plan.notifications, (rows) => sql`${insertRows(staffNotifications, rows).statement} ${once}`),
  ]
}

const ifAny = <Row>(rows: Row[], statement: (rows: Row[]) => SQL): SQL[] => (rows.length > 0 ? [statement(rows)] : [])

/** Ids of the planned mails that are due already, to be queued once the plan is committed. */
export const dueNow = (plan: AutomationPlan, now: Date): string[] =>
  plan.outbox.filter((row) => row.status === "due" && row.dueAt <= now).map((row) => row.id)

/** What is being sent already is let go; the rest of the sequence is cancelled. */
function exitEnrolments(exits: AutomationPlan["exits"]): SQL {
  const rows = jsonb(exits.map(({ enrolmentId, reason, at }) => ({ id: enrolmentId, reason, at })))
  return sql`
    with left_now as (
      update enrolments e set status = 'exited', exit_reason = r.reason, ended_at = r.at
      from jsonb_to_recordset(${rows}) as r(id uuid, reason text, at timestamptz)
      where e.id = r.id and e.status = 'active'
      returning e.id, e.exit_reason)
    update email_outbox o set status = 'cancelled', reason = l.exit_reason
    from left_now l where o.enrolment_id = l.id and o.status = 'due'`
}

function changeTags(tags: AutomationPlan["tags"]): SQL {
  const last = new Map(tags.map((each) => [`${each.customerId} ${each.tag}`, each]))
  const byCustomer = Map.groupBy(last.values(), ({ customerId }) => customerId)
  const rows = [...byCustomer].map(([id, changes]) => ({
    id,
    add: changes.filter(({ add }) => add).map(({ tag }) => tag),
    remove: changes.filter(({ add }) => !add).map(({ tag }) => tag),
  }))
  return sql`
    update customers c set tags = (
      select coalesce(array_agg(distinct tag order by tag), '{}')
      from unnest(c.tags || array(select jsonb_array_elements_text(r.add))) as tag
      where not r.remove ? tag)
    from jsonb_to_recordset(${jsonb(rows)}) as r(id uuid, add jsonb, remove jsonb) where c.id = r.id`
}
