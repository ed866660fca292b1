import { type SQL, sql } from "drizzle-orm"

/** The staff member behind an actor as `<kind>:<id>`, whether they acted in the staff pages or in Discord; null for nobody known. */
const memberOf = (actor: SQL, column: SQL): SQL =>
  sql`(select ${column} from staff s where ${actor} in ('staff:' || s.id, 'discord:' || s.discord_user_id) limit 1)`

/** What people call an actor; `label` is what they were called when they acted. */
export const staffName = (actor: SQL, label: SQL): SQL =>
  sql`coalesce(${memberOf(actor, sql`s.name`)}, ${label}, ${actor})`

/** The same person, however they acted. */
export const sameStaff = (actor: SQL): SQL => sql`coalesce('staff:' || ${memberOf(actor, sql`s.id`)}, ${actor})`

/** Every actor that is the same person as this one, itself included. */
export const actorsOf = (actor: string): SQL => sql`(
  select ${actor}::text union all
  select unnest(array['staff:' || s.id, 'discord:' || s.discord_user_id]) from staff s
  where ${actor}::text in ('staff:' || s.id, 'discord:' || s.discord_user_id))`
