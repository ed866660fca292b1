import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { jsonb, textArray } from "../db/bulk.ts"
import { AppError } from "../errors.ts"
import { auditEntry } from "../staff/auditEntry.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { automationId, automationName } from "./automationId.ts"
import { lintCondition } from "./lintCondition.ts"
import { problemsOf } from "./problemsOf.ts"
import { type Action, type Rule, ruleSchema } from "./ruleSchema.ts"
import { savedByAnother } from "./savedByAnother.ts"

const ruleInput = z.extend(z.omit(ruleSchema, { version: true }), { id: automationId, name: automationName })
export type RuleInput = Omit<Rule, "version">

/**
 * Keeps a rule, new or changed, as its next version. Throws `bad_request` with every problem where it does not fit its
 * schema, names a field that there is not, or a sequence that there is not. `seenVersion` is the version that the writer
 * saw, 0 for a new rule: `conflict` where another one holds by now.
 */
export async function saveRule(ctx: Context, input: RuleInput & { seenVersion: number }): Promise<{ version: number }> {
  requirePermission(ctx, "automations:write")
  const { seenVersion, ...written } = input
  const checked = ruleInput.safeParse(written)
  if (!checked.success) throw refused(input.id, problemsOf(checked.error))
  const rule = checked.data
  const problems = [...lintCondition(rule.condition), ...lintActions(rule)]
  if (problems.length > 0) throw refused(rule.id, problems)

  const saved = await ctx.db.execute<{ version: number | null; missing: string[] }>(sql`
    with missing as (
      select id from unnest(${textArray(sequencesOf(rule))}) as named(id)
      where not exists (select from sequences s where s.id = named.id)
    ), saved as (
      insert into rules (id, name, change_kind, condition, actions, enabled, version, updated_at)
      select ${rule.id}, ${rule.name}, ${rule.changeKind}, ${jsonb(rule.condition)}, ${jsonb(rule.actions)},
        ${rule.enabled}::boolean, 1, ${ctx.now().toISOString()}::timestamptz
      where not exists (select from missing)
        and (${seenVersion}::integer = 0 or exists (select from rules where id = ${rule.id}))
      on conflict (id) do update set name = excluded.name, change_kind = excluded.change_kind,
        condition = excluded.condition, actions = excluded.actions, enabled = excluded.enabled,
        version = rules.version + 1, updated_at = excluded.updated_at
      where rules.version = ${seenVersion}::integer
      returning version),
    audited as (${auditEntry(ctx, {
      action: "rule.saved",
      subject: { type: "rule", id: rule.id },
      before: sql`(select to_jsonb(r) from rules r where id = ${rule.id})`,
      after: rule,
      where: sql`exists (select from saved)`,
    })})
    select (select version from saved) as version, array(select id from missing order by id) as missing`)
  const [row] = saved.rows
  if (row?.missing.length)
    throw refused(
      rule.id,
      row.missing.map((id) => `the sequence "${id}" does not exist`),
    )
  if (!row?.version) throw savedByAnother("rule", rule.id, seenVersion)
  return { version: row.version }
}

const sequencesOf = (rule: RuleInput) => new Set(rule.actions.flatMap(sequencesIn))

function sequencesIn(action: Action): string[] {
  switch (action.do) {
    case "enrol":
      return [action.sequence, ...(action.unlessIn ?? [])]
    case "leave":
      return [action.sequence]
    case "add_tag":
    case "remove_tag":
    case "notify_staff":
      return []
  }
}

/** The same key would make one notification of two. */
const lintActions = ({ actions }: RuleInput): string[] =>
  actions.filter((action) => action.do === "notify_staff").length > 1 ? ["a rule notifies staff once"] : []

const refused = (id: string, problems: string[]) =>
  new AppError("bad_request", `The rule "${id}" is not kept: ${problems.join("; ")}.`, { details: { problems } })
