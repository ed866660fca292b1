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
import { savedByAnother } from "./savedByAnother.ts"
import { type Sequence, sequenceSchema, stepSchema } from "./sequenceSchema.ts"

const sequenceInput = z.extend(z.omit(sequenceSchema, { version: true }), {
  id: automationId,
  name: automationName,
  steps: z.array(stepSchema).check(z.minLength(1), z.maxLength(50)),
  staleAfterHours: z.number().check(z.int(), z.minimum(1), z.maximum(24 * 400)),
})
export type SequenceInput = Omit<Sequence, "version">

/**
 * Keeps a sequence, new or changed, as its next version. Who is enrolled already gets the mails planned at the time;
 * changed exit conditions hold for them at once. Throws `bad_request` with every problem: schema, unknown fields,
 * templates that do not exist, marketing templates in a sequence that nobody could unsubscribe from. `seenVersion` is the version that the
 * writer saw, 0 for a new sequence: `conflict` where another one holds by now.
 */
export async function saveSequence(
  ctx: Context,
  input: SequenceInput & { seenVersion: number },
): Promise<{ version: number }> {
  requirePermission(ctx, "automations:write")
  const { seenVersion, ...written } = input
  const checked = sequenceInput.safeParse(written)
  if (!checked.success) throw refused(input.id, problemsOf(checked.error))
  const sequence = checked.data
  const problems = sequence.exits.flatMap(({ when }) => lintCondition(when))
  if (problems.length > 0) throw refused(sequence.id, problems)

  const wanted = textArray(new Set(sequence.steps.map(({ template }) => template)))
  const saved = await ctx.db.execute<{ version: number | null; missing: string[]; marketing: string[] }>(sql`
    with wanted as (select named.id, t.mail_class from unnest(${wanted}) as named(id) left join templates t on t.id = named.id),
    missing as (select id from wanted where mail_class is null),
    marketing as (select id from wanted where mail_class = 'marketing' and ${sequence.mailClass}::text = 'transactional'),
    saved as (
      insert into sequences (id, name, mail_class, steps, exits, stale_after_hours, enabled, version, updated_at)
      select ${sequence.id}, ${sequence.name}, ${sequence.mailClass}, ${jsonb(sequence.steps)}, ${jsonb(sequence.exits)},
        ${sequence.staleAfterHours}::integer, ${sequence.enabled}::boolean, 1, ${ctx.now().toISOString()}::timestamptz
      where not exists (select from missing) and not exists (select from marketing)
        and (${seenVersion}::integer = 0 or exists (select from sequences where id = ${sequence.id}))
      on conflict (id) do update set name = excluded.name, mail_class = excluded.mail_class, steps = excluded.steps,
        exits = excluded.exits, stale_after_hours = excluded.stale_after_hours, enabled = excluded.enabled,
        version = sequences.version + 1, updated_at = excluded.updated_at
      where sequences.version = ${seenVersion}::integer
      returning version),
    audited as (${auditEntry(ctx, {
      action: "sequence.saved",
      subject: { type: "sequence", id: sequence.id },
      before: sql`(select to_jsonb(r) from sequences r where id = ${sequence.id})`,
      after: sequence,
      where: sql`exists (select from saved)`,
    })})
    select (select version from saved) as version, array(select id from missing order by id) as missing,
      array(select id from marketing order by id) as marketing`)
  const [row] = saved.rows
  const unfit = [
    ...(row?.missing ?? []).map((id) => `the template "${id}" does not exist`),
    ...(row?.marketing ?? []).map((id) => `the template "${id}" is marketing, the sequence transactional`),
  ]
  if (unfit.length > 0) throw refused(sequence.id, unfit)
  if (!row?.version) throw savedByAnother("sequence", sequence.id, seenVersion)
  return { version: row.version }
}

const refused = (id: string, problems: string[]) =>
  new AppError("bad_request", `The sequence "${id}" is not kept: ${problems.join("; ")}.`, { details: { problems } })
