import { type SQL, sql } from "drizzle-orm"

/**
 * Has replies count, from a moment on, that had not arrived at first: as the first answer where there is none before, and
 * as the last word where there is none since. `which` is about `ticket_messages m`. For the batch that says so.
 */
export const countAnswer = ({ which, at }: { which: SQL; at: SQL }): SQL => sql`
  update tickets t set version = t.version + 1,
    first_response_at = case when ${isFirst(at)} then ${at} else t.first_response_at end,
    first_response_by = case when ${isFirst(at)} then m.author_id else t.first_response_by end,
    last_message_at = greatest(t.last_message_at, ${at}),
    last_from = case when ${isLast(at)} then 'staff' else t.last_from end,
    nudged_at = case when ${isLast(at)} then null else t.nudged_at end,
    warned_at = case when ${isLast(at)} then null else t.warned_at end
  from ticket_messages m
  where t.id = m.ticket_id and m.origin = 'admin' and m.author_kind = 'staff' and not m.internal and ${which}
    and (${isFirst(at)} or ${isLast(at)})`

const isFirst = (at: SQL) =>
  sql`((t.first_response_at is null or t.first_response_at > ${at}) and (t.closed_at is null or t.closed_at > ${at}))`
const isLast = (at: SQL) => sql`t.last_message_at < ${at}`
