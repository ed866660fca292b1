import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { parseSettings, selectSettings } from "../settings/readSettings.ts"
import type { Settings } from "../settings/settings.ts"

/** What an address gets: everything, no marketing (`unsubscribed`), or nothing at all, with why. */
export type MailPreference = { gets: "all" } | { gets: "transactional" } | { gets: "nothing"; because: string }

export async function mailPreference(
  ctx: Context,
  email: string,
): Promise<{ preference: MailPreference; brand: Settings["brand"] }> {
  const [found, settings] = await ctx.db.batch([
    ctx.db.execute<{ reason: string; all: boolean }>(
      sql`select reason, "all" from suppressions where email = lower(${email}) order by "all" desc, since limit 1`,
    ),
    selectSettings(ctx.db),
  ])
  const { brand } = parseSettings(settings)
  const [row] = found.rows
  if (!row) return { preference: { gets: "all" }, brand }
  return { preference: row.all ? { gets: "nothing", because: row.reason } : { gets: "transactional" }, brand }
}

/** Stops marketing mail to an address. What stops more (a bounce, a complaint) stays as it is. */
export async function unsubscribe(ctx: Context, email: string): Promise<void> {
  const now = ctx.now().toISOString()
  await ctx.db.execute(sql`
    with stopped as (
      insert into suppressions (email, reason, "all", since) values (lower(${email}), 'unsubscribe', false, ${now})
      on conflict (email, reason) do nothing returning email)
    ${tell("email.unsubscribed", sql`stopped`, now)}`)
}

/** Takes an unsubscription back, and nothing else. */
export async function resubscribe(ctx: Context, email: string): Promise<void> {
  const now = ctx.now().toISOString()
  await ctx.db.execute(sql`
    with lifted as (
      delete from suppressions where email = lower(${email}) and reason = 'unsubscribe' returning email)
    ${tell("email.resubscribed", sql`lifted`, now)}`)
}

/** On the timeline of every customer with the address: it is also the evidence of what they wanted. */
const tell = (kind: string, addresses: SQL, now: string): SQL => sql`
  insert into timeline_entries (key, customer_id, occurred_at, kind, data, source)
  select ${kind}::text || ':' || c.id || ':' || ${now}::text, c.id, ${now}::timestamptz, ${kind}::text, '{}', 'api'
  from ${addresses} a join customers c on lower(c.email) = a.email on conflict (key) do nothing`
