import { sql } from "drizzle-orm"
import { sameStaff, staffName } from "./staffName.ts"

/** Who may have claimed a ticket: the staff, and who of Discord has one that is not closed. */
export const selectClaimers = sql`
  select id, min(name) as name from (
    (select 'staff:' || s.id as id, s.name from staff s where s.disabled_at is null limit 500)
    union all
    (select ${sameStaff(sql`t.claimed_by`)}, ${staffName(sql`t.claimed_by`, sql`t.claimed_by_label`)}
      from tickets t where t.status <> 'closed' and t.claimed_by is not null limit 1000)) known
  group by id order by 2, 1 limit 500`
