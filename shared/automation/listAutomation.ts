import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { rules, sequences } from "../db/schema/automation.ts"
import { requirePermission } from "../staff/requirePermission.ts"

/** Every rule and sequence, with how many people are in each sequence now. */
export async function listAutomation(ctx: Context) {
  requirePermission(ctx, "automations:read")
  const [ruleRows, sequenceRows, running] = await ctx.db.batch([
    ctx.db.select().from(rules).orderBy(rules.name),
    ctx.db.select().from(sequences).orderBy(sequences.name),
    ctx.db.execute<{ sequence_id: string; count: number }>(
      sql`select sequence_id, count(*)::int as count from enrolments where status = 'active' group by 1`,
    ),
  ])
  const people = new Map(running.rows.map((row) => [row.sequence_id, row.count]))
  return { rules: ruleRows, sequences: sequenceRows.map((row) => ({ ...row, people: people.get(row.id) ?? 0 })) }
}

export interface AutomationChange {
  version: number | null
  who: string | null
  at: Date
  action: string
}

/** A rule or a sequence as kept, who changed it when, and for a sequence who is at which step. Null: there is none. */
export async function automationDetail(ctx: Context, input: { kind: "rule" | "sequence"; id: string }) {
  requirePermission(ctx, "automations:read")
  const { kind, id } = input
  const [ruleRows, sequenceRows, templates, sequenceNames, history, steps, people] = await ctx.db.batch([
    ctx.db
      .select()
      .from(rules)
      .where(sql`${rules.id} = ${id} and ${kind === "rule"}::boolean`),
    ctx.db
      .select()
      .from(sequences)
      .where(sql`${sequences.id} = ${id} and ${kind === "sequence"}::boolean`),
    ctx.db.execute<{ id: string; name: string; mail_class: string }>(
      sql`select id, name, mail_class from templates order by name`,
    ),
    ctx.db.execute<{ id: string; name: string }>(sql`select id, name from sequences order by name`),
    ctx.db.execute<{ version: number | null; who: string | null; at: string; action: string }>(sql`
      select (before->>'version')::int + 1 as version, coalesce(actor_label, actor) as who, at::text, action from audit_log
      where subject_type = ${kind} and subject_id = ${id} order by at desc limit 20`),
    ctx.db.execute<{ step: number; count: number }>(sql`
      select step, count(*)::int as count from (
        select distinct on (e.id) o.step from enrolments e join email_outbox o on o.enrolment_id = e.id and o.status = 'due'
        where e.sequence_id = ${id} and e.status = 'active' order by e.id, o.step limit 10000) as next group by step`),
    ctx.db.execute<{ id: string; name: string | null }>(sql`
      select c.id, coalesce(c.name, c.email) as name from enrolments e join customers c on c.id = e.customer_id
      where e.sequence_id = ${id} and e.status = 'active' order by e.started_at desc limit 50`),
  ])
  return {
    rule: ruleRows[0] ?? null,
    sequence: sequenceRows[0] ?? null,
    templates: templates.rows,
    sequences: sequenceNames.rows,
    history: history.rows.map(({ at, ...row }): AutomationChange => ({ ...row, at: new Date(at) })),
    waiting: new Map(steps.rows.map(({ step, count }) => [step, count])),
    people: people.rows,
  }
}
