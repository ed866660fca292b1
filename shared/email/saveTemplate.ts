import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { AppError } from "../errors.ts"
import { parseSettings, selectSettings } from "../settings/readSettings.ts"
import { actorName } from "../staff/actorName.ts"
import { lintTemplate } from "./lintTemplate.ts"

const templateInput = z.strictObject({
  id: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/)),
  name: z.string().check(z.minLength(1), z.maxLength(120)),
  mailClass: z.enum(["transactional", "marketing"]),
  subject: z.string().check(z.minLength(1), z.maxLength(500)),
  html: z.string().check(z.minLength(1), z.maxLength(200_000)),
  text: z.string().check(z.minLength(1), z.maxLength(200_000)),
})
export type TemplateInput = z.infer<typeof templateInput>

/** Keeps a new version of a template and puts it to use. A broken one is refused here: `bad_request` says where. */
export async function saveTemplate(ctx: Context, input: TemplateInput): Promise<{ version: number }> {
  const checked = templateInput.safeParse(input)
  if (!checked.success)
    throw new AppError(
      "bad_request",
      checked.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; "),
    )
  const template = checked.data
  const { brand } = parseSettings(await selectSettings(ctx.db))
  const problems = lintTemplate({ ...template, version: 0 }, brand)
  if (problems.length > 0) throw new AppError("bad_request", problems.join(" "), { details: { problems } })

  const now = ctx.now().toISOString()
  const saved = await ctx.db.execute<{ version: number }>(sql`
    with template as (
      insert into templates (id, version, name, mail_class, updated_at)
      values (${template.id}, 1, ${template.name}, ${template.mailClass}, ${now})
      on conflict (id) do update set version = templates.version + 1, name = excluded.name,
        mail_class = excluded.mail_class, updated_at = excluded.updated_at
      returning id, version)
    insert into template_versions (template_id, version, subject, html, text, created_at, created_by)
    select id, version, ${template.subject}, ${template.html}, ${template.text}, ${now}, ${actorName(ctx.actor)} from template
    returning version`)
  return { version: saved.rows[0]?.version ?? 1 }
}
