import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import { actorLabel } from "../../staff/actorLabel.ts"
import { actorName } from "../../staff/actorName.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { lintTemplate } from "./lintTemplate.ts"

const part = z.string().check(z.minLength(1, "Must not be empty."), z.maxLength(200_000))
const templateInput = z.strictObject({
  id: z
    .string()
    .check(
      z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "Small letters, digits and hyphens, at most 64, as in payment-failed."),
    ),
  name: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, "Must not be empty."),
      z.maxLength(120),
      z.regex(/^\P{Cc}*$/u, "Must be one line without control characters."),
    ),
  mailClass: z.enum(["transactional", "marketing"]),
  subject: z.string().check(z.minLength(1, "Must not be empty."), z.maxLength(500)),
  html: part,
  text: part,
})
export type TemplateInput = z.infer<typeof templateInput>

/**
 * Keeps a new version of a template and puts it to use. A broken one is refused here: `bad_request` says where.
 * `seenVersion` is the version that the writer saw, 0 for a new template: `conflict` where another one is in use by now.
 */
export async function saveTemplate(
  ctx: Context,
  input: TemplateInput & { seenVersion: number },
): Promise<{ version: number }> {
  requirePermission(ctx, "templates:write")
  const { seenVersion, ...written } = input
  const checked = templateInput.safeParse(written)
  if (!checked.success) throw refused(checked.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`))
  const template = checked.data
  const { brand } = parseSettings(await selectSettings(ctx.db))
  const problems = lintTemplate({ ...template, version: 0 }, brand)
  if (problems.length > 0) throw refused(problems)

  const now = ctx.now().toISOString()
  const who = actorLabel(ctx.actor) ?? actorName(ctx.actor)
  const saved = await ctx.db.execute<{ version: number | null; blocked: string[] }>(sql`
    with blocked as (
      select name from sequences where ${template.mailClass}::text = 'marketing' and mail_class = 'transactional'
        and steps @> jsonb_build_array(jsonb_build_object('template', ${template.id}::text))),
    template as (
      insert into templates (id, version, name, mail_class, updated_at)
      select ${template.id}, 1, ${template.name}, ${template.mailClass}, ${now}::timestamptz
      where not exists (select from blocked)
        and (${seenVersion}::integer = 0 or exists (select from templates where id = ${template.id}))
      on conflict (id) do update set version = templates.version + 1, name = excluded.name,
        mail_class = excluded.mail_class, updated_at = excluded.updated_at
      where templates.version = ${seenVersion}::integer
      returning id, version),
    kept as (
      insert into template_versions (template_id, version, subject, html, text, created_at, created_by)
      select id, version, ${template.subject}, ${template.html}, ${template.text}, ${now}::timestamptz, ${who} from template
      returning version),
    audited as (${auditEntry(ctx, {
      action: "template.saved",
      subject: { type: "template", id: template.id },
      before: sql`(
        select to_jsonb(v) || jsonb_build_object('name', t.name, 'mail_class', t.mail_class)
        from templates t join template_versions v on v.template_id = t.id and v.version = t.version where t.id = ${template.id})`,
      after: template,
      where: sql`exists (select from kept)`,
    })})
    select (select version from kept) as version, array(select name from blocked order by name) as blocked`)
  const [row] = saved.rows
  if (row?.blocked.length)
    throw refused([`it cannot be marketing: transactional sequences send it (${row.blocked.join(", ")}).`])
  if (!row?.version)
    throw new AppError(
      "conflict",
      seenVersion === 0
        ? `There is a template "${template.id}" already.`
        : "Somebody else has saved this template since you opened it.",
    )
  return { version: row.version }
}

const refused = (problems: string[]) => new AppError("bad_request", problems.join(" "), { details: { problems } })
