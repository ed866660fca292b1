import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { AppError } from "../errors.ts"
import { actorLabel } from "../staff/actorLabel.ts"
import { actorName } from "../staff/actorName.ts"
import { auditEntry } from "../staff/auditEntry.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { importPlan, planCounts, planDigest } from "./importPlan.ts"

/**
 * Does what the dry run showed, in one statement: new people become leads, of others only what changes is written, and
 * nothing that is Stripe's. `hash` is the file's and `plan` the dry run's; where another file or other customers are there
 * by now, nothing is done and `conflict` is thrown. Applying twice is applying once.
 */
export async function applyImport(ctx: Context, input: { id: string; hash: string; plan: string }): Promise<void> {
  requirePermission(ctx, "customers:import")
  const { id, hash, plan } = input
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  const changes = (column: string) => sql`${column}::text = any(p.changes)`
  const audit = auditEntry(ctx, {
    action: "customers.imported",
    subject: { type: "import", id },
    after: sql`${planCounts} || (select jsonb_build_object('file', file_name, 'hash', content_hash) from allowed)`,
    where: sql`exists (select from allowed)`,
  })
  const [, applied] = await batch(ctx.db, [
    // One import after the other: the second sees what the first has made. Whatever statistics say, no row is looked up by
    // reading a whole table: a file that has just come has none.
    sql`select pg_advisory_xact_lock(hashtext('customer import')), set_config('enable_nestloop', 'off', true)`,
    sql`
    with planned as materialized (${importPlan(id)}),
    allowed as materialized (
      select id, file_name, content_hash from customer_imports
      where id = ${id} and applied_at is null and content_hash = ${hash} and ${plan} = ${planDigest}),
    doing as (select planned.* from planned, allowed where outcome in ('new', 'changed')),
    added as (
      insert into customers (id, email, name, country, time_zone, tags, stage, stage_since, created_at, synced_at, synced_order, digest)
      select new_id, email, name, country, time_zone, tags, 'lead', ${now}, ${now}, ${now}, '', '' from doing where outcome = 'new'),
    staged as (
      insert into stage_history (customer_id, since, stage)
      select new_id, ${now}, 'lead' from doing where outcome = 'new'),
    changed as (
      update customers c set
        name = case when ${changes("name")} then p.name else c.name end,
        country = case when ${changes("country")} then p.country else c.country end,
        time_zone = case when ${changes("time_zone")} then p.time_zone else c.time_zone end,
        tags = case when ${changes("tags")}
          then array(select distinct each from unnest(c.tags || p.tags) as each order by each) else c.tags end
      from doing p where p.outcome = 'changed' and c.id = p.customer_id),
    noted as (
      insert into customer_notes (id, customer_id, text, author, author_label, created_at)
      select gen_random_uuid(), coalesce(p.customer_id, p.new_id), p.note, ${actorName(ctx.actor)}, ${actorLabel(ctx.actor)}, ${now}
      from doing p where p.note is not null and (p.outcome = 'new' or ${changes("note")})),
    told as (
      insert into timeline_entries (key, customer_id, occurred_at, kind, data, source, source_id)
      select 'import:' || ${id}::text || ':' || p."row", coalesce(p.customer_id, p.new_id), ${now},
        case p.outcome when 'new' then 'customer.imported' else 'customer.changed_by_import' end,
        jsonb_build_object('changed', to_jsonb(p.changes)), 'staff', ${id}
      from doing p),
    audited as (${audit}),
    forgotten as (
      delete from customer_import_rows r using planned p, allowed
      where r.import_id = allowed.id and r."row" = p."row" and p.outcome <> 'invalid'),
    blanked as (
      update customer_import_rows r set email = null, name = null, country = null, time_zone = null, tags = '{}', note = null,
        cells = '{}', problems = p.problems
      from planned p, allowed where r.import_id = allowed.id and r."row" = p."row" and p.outcome = 'invalid'),
    finished as (
      update customer_imports i set applied_at = ${now}, result = ${planCounts} from allowed where i.id = allowed.id)
    select exists (select from allowed) as now,
      exists (select from customer_imports where id = ${id} and content_hash = ${hash} and applied_at is not null) as before,
      exists (select from customer_imports where id = ${id}) as known`,
  ])
  const told = applied?.rows[0]
  if (told?.known !== true) throw new AppError("not_found", "There is no such import.")
  if (told.now !== true && told.before !== true)
    throw new AppError(
      "conflict",
      "The customers have changed since this was shown. Nothing was imported; look at the dry run again.",
    )
}

/** Throws what was uploaded away; what is applied stays. */
export async function discardImport(ctx: Context, input: { id: string }): Promise<void> {
  requirePermission(ctx, "customers:import")
  await ctx.db.execute(sql`delete from customer_imports where id = ${input.id} and applied_at is null`)
}
