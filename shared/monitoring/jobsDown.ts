import { type SQL, sql } from "drizzle-orm"
import { textArray } from "../db/bulk.ts"
import { jobDefinitions } from "./jobDefinitions.ts"

/** Since when each job is down, of those that are: `jobState.ts` in SQL. */
export function jobsDown(now: Date): SQL {
  const at = now.toISOString()
  const names = textArray(jobDefinitions.map(({ name }) => name))
  return sql`
    select coalesce(open.started_at, open.due_at, last.started_at, j.next_at) as at from jobs j
    left join lateral (
      select started_at, coalesce(scheduled_for, created_at) as due_at from job_runs where job = j.name and finished_at is null) as open on true
    left join lateral (
      select outcome, started_at from job_runs where job = j.name and finished_at is not null
      order by created_at desc, id desc limit 1) as last on true
    where j.name = any(${names}) and case
      when open.started_at is not null then open.started_at + j.maximum_minutes * interval '1 minute' < ${at}
      when open.due_at is null and j.paused_at is not null then false
      else last.outcome is not distinct from 'failed' or least(open.due_at, j.next_at) + j.grace_minutes * interval '1 minute' < ${at} end`
}
