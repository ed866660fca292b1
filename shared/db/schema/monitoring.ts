import { sql } from "drizzle-orm"
import { index, integer, jsonb, pgTable, text, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core"
import { instant } from "./columns.ts"

/** What a scheduled job needs to be kept of, beside its definition in shared/monitoring/jobDefinitions.ts. */
export const jobs = pgTable("jobs", {
  name: text("name").primaryKey(),
  /** Cron expression and time zone that `nextAt` was computed from. */
  schedule: text("schedule").notNull(),
  graceMinutes: integer("grace_minutes").notNull(),
  maximumMinutes: integer("maximum_minutes").notNull(),
  /** When it is to run next; null: the next tick says. */
  nextAt: instant("next_at"),
  pausedAt: instant("paused_at"),
  createdAt: instant("created_at").notNull(),
})

export const jobTriggers = ["cron", "catch-up", "staff"] as const
export const jobOutcomes = ["succeeded", "failed"] as const

/** One run of a job. Unfinished, it waits for whoever takes it up, or somebody is at it until `leaseUntil`. */
export const jobRuns = pgTable(
  "job_runs",
  {
    id: uuid("id").primaryKey(),
    job: text("job").notNull(),
    trigger: text("trigger", { enum: jobTriggers }).notNull(),
    /** `<kind>:<id>` of who asked for it, and their name then. */
    requestedBy: text("requested_by").notNull(),
    requestedByLabel: text("requested_by_label"),
    /** The moment of the schedule that it stands for; null where staff asked. */
    scheduledFor: instant("scheduled_for"),
    createdAt: instant("created_at").notNull(),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
    outcome: text("outcome", { enum: jobOutcomes }),
    counts: jsonb("counts").$type<Record<string, number>>().notNull().default({}),
    error: text("error"),
    /** Where a later part goes on; what it holds is the job's own business. */
    cursor: jsonb("cursor").$type<unknown>(),
    /** Parts begun since the last progress. */
    attempts: integer("attempts").notNull().default(0),
    /** Who is at it: an id that each part makes anew. */
    holder: uuid("holder"),
    leaseUntil: instant("lease_until"),
  },
  (table) => [
    unique("job_runs_once").on(table.job, table.scheduledFor),
    uniqueIndex("job_runs_one_at_a_time").on(table.job).where(sql`finished_at is null`),
    index("job_runs_job").on(table.job, table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    index("job_runs_created").on(table.createdAt),
  ],
)
