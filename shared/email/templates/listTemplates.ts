import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { requirePermission } from "../../staff/requirePermission.ts"

export interface ListedTemplate {
  id: string
  name: string
  mailClass: "transactional" | "marketing"
  version: number
  savedBy: string
  savedAt: Date
  /** Names of the sequences of which a step sends it. */
  usedIn: string[]
}

/** Every template with its version in use. */
export async function listTemplates(ctx: Context): Promise<ListedTemplate[]> {
  requirePermission(ctx, "templates:read")
  const found = await ctx.db.execute<{
    id: string
    name: string
    mail_class: ListedTemplate["mailClass"]
    version: number
    saved_by: string
    saved_at: string
    used_in: string[]
  }>(sql`
    select t.id, t.name, t.mail_class, t.version, v.created_by as saved_by, v.created_at::text as saved_at,
      array(select s.name from sequences s where s.steps @> jsonb_build_array(jsonb_build_object('template', t.id)) order by s.name) as used_in
    from templates t join template_versions v on v.template_id = t.id and v.version = t.version
    order by t.name, t.id limit 500`)
  return found.rows.map((row) => ({
    id: row.id,
    name: row.name,
    mailClass: row.mail_class,
    version: row.version,
    savedBy: row.saved_by,
    savedAt: new Date(row.saved_at),
    usedIn: row.used_in,
  }))
}
