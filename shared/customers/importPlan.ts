import { type SQL, sql } from "drizzle-orm"
import { addressHash } from "../email/addressHash.ts"

/**
 * What an import would do, a line each row, as `select`: outcome, the customer it concerns, which columns change and from
 * what, and which stay because they are Stripe's. Customers are told by their address, or that of somebody who was merged
 * into them; where several have it, or its holder was erased, the row is invalid.
 */
export const importPlan = (importId: string): SQL => sql`
  with base as materialized (
    select r.*, e.email is not null as erased, c.id as customer_id, m.customers, c.name as was_name, c.country as was_country,
      c.time_zone as was_time_zone, c.tags as was_tags, c.stripe_id is null as ours,
      array_remove(array[
        case when r.name is distinct from c.name and r.name is not null then 'name' end,
        case when r.country is distinct from c.country and r.country is not null then 'country' end], null) as of_stripe,
      array_remove(array[
        case when r.time_zone is distinct from c.time_zone and r.time_zone is not null then 'time_zone' end,
        case when not r.tags <@ c.tags then 'tags' end,
        case when r.note is not null and not exists (
          select from customer_notes n where n.customer_id = c.id and n.text = r.note) then 'note' end], null) as of_ours
    from customer_import_rows r
    left join lateral (
      select count(distinct coalesce(o.merged_into, o.id))::int as customers, min(coalesce(o.merged_into, o.id)::text)::uuid as id
      from customers o where lower(o.email) = r.email and (o.merged_into is not null or o.deleted_at is null)) m on true
    -- One by one by its key: a file that has just come has no statistics to plan by.
    left join lateral (
      select * from customers k where k.id = m.id and m.customers = 1 and k.deleted_at is null offset 0) c on true
    left join suppressions e on e.email = ${addressHash(sql`r.email`)} and e.reason = 'erased'
    where r.import_id = ${importId}),
  told as (
    select base.*, case when ours then of_stripe || of_ours else of_ours end as changes,
      case when ours then '{}' else of_stripe end as kept
    from base)
  select "row", new_id, email, name, country, time_zone, tags, note, cells, customer_id, changes, kept,
    was_name, was_country, was_time_zone, was_tags,
    case when erased then problems || jsonb_build_array(jsonb_build_object('column', 'email',
      'reason', 'This person asked to be forgotten, and the data was erased.'))
      when customers > 1 then problems || jsonb_build_array(jsonb_build_object('column', 'email',
      'reason', customers || ' customers have this address. Change or merge them one by one.')) else problems end as problems,
    case when jsonb_array_length(problems) > 0 or erased or customers > 1 then 'invalid' when customer_id is null then 'new'
      when changes = '{}' then 'unchanged' else 'changed' end as outcome
  from told`

/** Tells one plan from another: who it concerns, what it would do, and what was there before. `planned` is a plan. */
export const planDigest: SQL = sql`md5(coalesce((select string_agg(md5(
  case when outcome = 'changed' then planned::text else concat_ws(' ', "row", outcome, customer_id) end), '' order by "row")
  from planned), ''))`

/** Rows by outcome, as jsonb. `planned` is a plan. */
export const planCounts: SQL = sql`(select jsonb_build_object(
  'new', count(*) filter (where outcome = 'new'), 'changed', count(*) filter (where outcome = 'changed'),
  'unchanged', count(*) filter (where outcome = 'unchanged'), 'invalid', count(*) filter (where outcome = 'invalid'))
  from planned)`
