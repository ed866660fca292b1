import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { parseSettings } from "../settings/readSettings.ts"
import { notifyStaff } from "../staff/notifyStaff.ts"

const hourMilliseconds = 3_600_000

/**
 * Tells staff once a day while the last Stripe sync that succeeded is longer ago than the settings allow, whether it is
 * paused, fails or does not run: what is kept may differ from Stripe by now.
 */
export async function noteSyncStale(ctx: Context): Promise<void> {
  const [stored, found] = await batch(ctx.db, [
    sql`select name, value from settings`,
    sql`
      select j.created_at, j.paused_at is not null as paused, last.outcome, last.error, (
          select finished_at from job_runs where job = j.name and outcome = 'succeeded'
          order by created_at desc, id desc limit 1) as succeeded_at
      from jobs j left join lateral (
        select outcome, error from job_runs where job = j.name and finished_at is not null
        order by created_at desc, id desc limit 1) as last on true
      where j.name = 'stripe-sync'`,
  ])
  const { sync } = parseSettings((stored?.rows ?? []).map(({ name, value }) => ({ name: String(name), value })))
  const [job] = found?.rows ?? []
  if (!job || sync.staleHours === 0) return
  const now = ctx.now()
  const since = new Date(String(job.succeeded_at ?? job.created_at))
  const hours = Math.floor((now.getTime() - since.getTime()) / hourMilliseconds)
  if (hours < sync.staleHours) return
  const last = job.succeeded_at ? `It last succeeded ${hours} hours ago.` : "It has never succeeded."
  await ctx.db.execute(
    notifyStaff(ctx, {
      key: `stripe-sync:stale:${now.toISOString().slice(0, 10)}`,
      message: `The Stripe sync ${whatIsWrong(job)} ${last} What is kept may differ from Stripe by now.`,
    }),
  )
}

function whatIsWrong(job: Record<string, unknown>): string {
  if (job.paused === true) return "is paused."
  if (job.outcome === "failed") return `fails: ${job.error}`
  return job.outcome === null ? "has never run." : "does not run."
}
