import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import type { Settings } from "../../settings/settings.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import type { MailSource } from "../createRenderer.ts"

export interface TemplateDetail {
  /** One version's sources under the template's name and kind. */
  source: MailSource & { name: string }
  /** The version in use. */
  inUse: number
  versions: { version: number; savedBy: string; savedAt: Date; subject: string }[]
  usedIn: { id: string; name: string }[]
  brand: Settings["brand"]
}

/** A template at a version (the one in use unless told), its latest versions, and the sequences that send it. */
export async function templateDetail(
  ctx: Context,
  input: { id: string; version?: number },
): Promise<TemplateDetail | null> {
  requirePermission(ctx, "templates:read")
  const { id, version = null } = input
  const [settingRows, sources, versions, uses] = await ctx.db.batch([
    selectSettings(ctx.db),
    ctx.db.execute<{
      name: string
      mail_class: MailSource["mailClass"]
      in_use: number
      version: number
      subject: string
      html: string
      text: string
    }>(sql`
      select t.name, t.mail_class, t.version as in_use, v.version, v.subject, v.html, v.text
      from templates t join template_versions v on v.template_id = t.id and v.version = coalesce(${version}::integer, t.version)
      where t.id = ${id}`),
    ctx.db.execute<{ version: number; saved_by: string; saved_at: string; subject: string }>(sql`
      select version, created_by as saved_by, created_at::text as saved_at, subject from template_versions
      where template_id = ${id} order by version desc limit 50`),
    ctx.db.execute<{ id: string; name: string }>(sql`
      select id, name from sequences where steps @> jsonb_build_array(jsonb_build_object('template', ${id}::text)) order by name`),
  ])
  const [found] = sources.rows
  if (!found) return null
  const { name, mail_class: mailClass, in_use: inUse, subject, html, text } = found
  return {
    source: { id, name, mailClass, version: found.version, subject, html, text },
    inUse,
    versions: versions.rows.map((row) => ({
      version: row.version,
      savedBy: row.saved_by,
      savedAt: new Date(row.saved_at),
      subject: row.subject,
    })),
    usedIn: uses.rows,
    brand: parseSettings(settingRows).brand,
  }
}
