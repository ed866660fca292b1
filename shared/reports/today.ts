import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { isPermitted, requirePermission } from "../staff/requirePermission.ts"
import type { Permission } from "../staff/roles.ts"
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
  count: (input: { now: Date; dayAgo: Date }) => SQL
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

/** Every line that applies and the few figures that matter, in one round trip; lines that count nothing are left out. */
export async function today(ctx: Context): Promise<{ lines: TodayLine[]; figures: TodayFigures }> {
  requirePermission(ctx, "customers:read")
  const now = ctx.now()
  const times = { now, dayAgo: new Date(now.getTime() - 86_400_000) }
  const sources = todaySources.filter(({ permission }) => isPermitted(ctx.actor, permission))
  const [mrr, ...answers] = await batch(ctx.db, [
    // At risk: what customers pay who are late with a payment or leave at the end of the period.
    sql`select m.currency, sum(m.amount)::text as amount, count(*)::int as payers,
        coalesce(sum(m.amount) filter (where exists (
          select from subscriptions s where s.customer_id = m.customer_id and s.relevant
            and (s.status = 'past_due' or (s.cancel_at_period_end and s.status = 'active')))), 0)::text as at_risk
      from customer_mrr m group by m.currency order by sum(m.amount) desc limit 10`,
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
