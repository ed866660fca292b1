import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { isPermitted, requirePermission } from "../staff/requirePermission.ts"
import type { Permission } from "../staff/roles.ts"
import { type LateLimit, lateLimits } from "../support/listTickets/lateLimits.ts"
import { loadSupport } from "../support/supportSetup.ts"
import { todaySources } from "./todaySources.ts"

/**
 * One line of the page that staff land on. Its query returns one row: `count`, never beyond `cap`, and `since`, when the
 * oldest of them came, or null.
 */
export interface TodaySource {
  key: string
  /** `needed`: a person has to act. `news`: what has happened in the last 24 hours. */
  part: "needed" | "news"
  permission: Permission
  /** What there is `count` of. */
  one: string
  many: string
  /** Where it is dealt with. */
  href: string
  count: (input: { now: Date; dayAgo: Date; lateTickets: LateLimit[] }) => SQL
}

export interface TodayLine {
  key: string
  part: TodaySource["part"]
  text: string
  href: string
  count: number
  /** There may be more than counted. */
  capped: boolean
  since: Date | null
}

/** Rows counted at most: beyond it the number tells nothing more. */
export const todayCap = 1000

export interface TodayFigures {
  /** By currency, minor units a month, the largest first. */
  mrr: { currency: string; amount: number; atRisk: number; payers: number }[]
}

/** Every line that applies and the few figures that matter, in two round trips; lines that count nothing are left out. */
export async function today(ctx: Context): Promise<{ lines: TodayLine[]; figures: TodayFigures }> {
  requirePermission(ctx, "customers:read")
  const now = ctx.now()
  const times = {
    now,
    dayAgo: new Date(now.getTime() - 86_400_000),
    lateTickets: isPermitted(ctx.actor, "tickets:read") ? lateLimits(await loadSupport(ctx), now) : [],
  }
  const sources = todaySources.filter(({ permission }) => isPermitted(ctx.actor, permission))
  const [mrr, ...answers] = await batch(ctx.db, [
    // At risk: what customers pay who are late with a payment or leave at the end of the period.
    sql`
      with all_of as (select currency, sum(amount) as amount, count(*) as payers from customer_mrr group by currency),
      at_risk as (
        select currency, sum(amount) as amount from customer_mrr
        where customer_id in (
          select customer_id from subscriptions
          where relevant and (status = 'past_due' or (cancel_at_period_end and status = 'active')))
        group by currency)
      select a.currency, a.amount::text, a.payers::int, coalesce(r.amount, 0)::text as at_risk
      from all_of a left join at_risk r using (currency) order by a.amount desc limit 10`,
    ...sources.map(
      (source) =>
        sql`select count(*)::int as count, min(at) as since from (${source.count(times)} limit ${todayCap}) as found`,
    ),
  ])
  return { lines: linesOf(sources, answers), figures: { mrr: mrrRows(mrr?.rows ?? []) } }
}

const mrrRows = (rows: Record<string, unknown>[]): TodayFigures["mrr"] =>
  rows.map((row) => ({
    currency: String(row.currency),
    amount: Number(row.amount),
    atRisk: Number(row.at_risk),
    payers: Number(row.payers),
  }))

function linesOf(sources: TodaySource[], answers: { rows: Record<string, unknown>[] }[]): TodayLine[] {
  return sources.flatMap(({ key, part, one, many, href }, index) => {
    const [row] = answers[index]?.rows ?? []
    const count = Number(row?.count ?? 0)
    if (count === 0) return []
    const capped = count >= todayCap
    const text = `${capped ? `${todayCap.toLocaleString("en")}+` : count.toLocaleString("en")} ${count === 1 ? one : many}`
    return [{ key, part, text, href, count, capped, since: row?.since ? new Date(String(row.since)) : null }]
  })
}
