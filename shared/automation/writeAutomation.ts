import { type SQL, sql } from "drizzle-orm"
import { insertRows, jsonb, uuidArray } from "../db/bulk.ts"
import { enrolments, ruleFirings, staffNotifications } from "../db/schema/automation.ts"
import { emailOutbox } from "../db/schema/email.ts"
import type { AutomationPlan } from "./automationPlan.ts"

/** A plan as statements for the batch that writes its changes; at most seven, each with one parameter. */
export function writeAutomation(plan: AutomationPlan, input: { now: Date }): SQL[] {
  const once = sql`on conflict do nothing`
  return [
    ...ifAny(plan.firings, (rows) => sql`${insertRows(ruleFirings, rows).statement} ${once}`),
    ...ifAny(plan.enrolments, (rows) => sql`${insertRows(enrolments, rows).statement} ${once}`),
    ...ifAny(plan.outbox, (rows) => sql`${insertRows(emailOutbox, rows).statement} ${once}`),
    ...ifAny(plan.exits, exitEnrolments),
    ...completeEnrolments(plan, input.now),
    ...ifAny(plan.tags, changeTags),
    ...ifAny(plan.notifications, (rows) => sql`${insertRows(staffNotifications, rows).statement} ${once}`),
  ]
}

const ifAny = <Row>(rows: Row[], statement: (rows: Row[]) => SQL): SQL[] => (rows.length > 0 ? [statement(rows)] : [])

/** Ids of the planned mails that are due already, to be queued once the plan is committed. */
export const dueNow = (plan: AutomationPlan, now: Date): string[] => {
  const left = new Set(plan.exits.map(({ enrolmentId }) => enrolmentId))
  return plan.outbox
    .filter((row) => row.status === "due" && row.dueAt <= now && !left.has(row.enrolmentId ?? ""))
    .map((row) => row.id)
}

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

/** Enrolments of which every step was too late from the start have nothing left to do. */
function completeEnrolments({ enrolments: planned, outbox }: AutomationPlan, now: Date): SQL[] {
  const open = new Set(outbox.filter(({ status }) => status === "due").map(({ enrolmentId }) => enrolmentId))
  const done = planned.filter(({ id, status }) => status === "active" && !open.has(id)).map(({ id }) => id)
  return ifAny(
    done,
    (ids) =>
      sql`update enrolments set status = 'completed', ended_at = ${now.toISOString()} where id = any(${uuidArray(ids)}) and status = 'active'`,
  )
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
