import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { AppError, toAppError } from "../../errors.ts"

const slowest = 1
/** Asked to slow down, it goes on at this part of its speed, and gets faster bit by bit as long as nobody objects. */
const slower = 0.9
const faster = 1.02
/** Requests that were on their way together are refused together: that counts once. */
const onceInMilliseconds = 2000
/** Taken in one round trip to the database. */
const permitsAtOnce = 6
const tries = 8

/**
 * Lets requests to Stripe go at a rate that everybody who syncs shares, by a row of the database. Where Stripe asks to
 * slow down, all of them wait, and go on slower.
 */
export class StripeLimit {
  private readonly ctx: Context
  /** Requests per second while nobody asks to slow down. */
  readonly perSecond: number
  private readonly sleep: (milliseconds: number) => Promise<void>
  private permits: number[] = []
  private refill: Promise<void> | null = null
  requests = 0

  constructor(
    ctx: Context,
    perSecond: number,
    sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  ) {
    this.ctx = ctx
    this.perSecond = perSecond
    this.sleep = sleep
  }

  /** Begins anew at full speed. */
  async reset(): Promise<void> {
    await this.ctx.db.execute(sql`
      insert into vendor_limits (vendor, use, next_at, per_second) values ('stripe', 'sync', now(), ${this.perSecond})
      on conflict (vendor, use) do update set per_second = excluded.per_second`)
  }

  /** Does `request` in its turn; again, later, where Stripe asks to slow down or does not answer. */
  async run<Result>(request: () => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      await this.turn()
      this.requests++
      try {
        return await request()
      } catch (thrown) {
        const error = toAppError(thrown)
        if (!error.retry || attempt >= tries) throw error.code === "rate_limited" ? unavailable(error) : error
        const wait = waitOf(error, attempt)
        if (error.code === "rate_limited") await this.slowDown(wait)
        else await this.sleep(wait)
      }
    }
  }

  private async turn(): Promise<void> {
    while (this.permits.length === 0) {
      this.refill ??= this.take().finally(() => {
        this.refill = null
      })
      await this.refill
    }
    const at = this.permits.shift() ?? 0
    const wait = at - Date.now()
    if (wait > 0) await this.sleep(wait)
  }

  private async take(): Promise<void> {
    const taken = await this.ctx.db.execute<{ wait: number; gap: number }>(sql`
      insert into vendor_limits as l (vendor, use, next_at, per_second)
      values ('stripe', 'sync', clock_timestamp() + ${permitsAtOnce} * interval '1 second' / ${this.perSecond}::float8, ${this.perSecond})
      on conflict (vendor, use) do update
        set next_at = greatest(l.next_at, clock_timestamp()) + ${permitsAtOnce} * interval '1 second' / l.per_second,
          per_second = least(${this.perSecond}, l.per_second * ${faster})
      returning extract(epoch from next_at - clock_timestamp())::float8 * 1000 as wait, 1000 / per_second as gap`)
    const [row] = taken.rows
    if (!row) throw new AppError("internal", "No turn at Stripe was given.")
    const last = Date.now() + row.wait
    for (let index = permitsAtOnce; index >= 1; index--) this.permits.push(last - index * row.gap)
  }

  private async slowDown(wait: number): Promise<void> {
    this.permits = []
    await this.ctx.db.execute(sql`
      update vendor_limits set
        per_second = case when coalesce(slowed_at, '-infinity') < clock_timestamp() - ${onceInMilliseconds}::float8 * interval '1 millisecond'
          then greatest(${slowest}, per_second * ${slower}) else per_second end,
        slowed_at = clock_timestamp(),
        next_at = greatest(next_at, clock_timestamp() + ${wait}::float8 * interval '1 millisecond')
      where vendor = 'stripe' and use = 'sync'`)
    this.ctx.log.warn("stripe asks to slow down", { wait })
  }
}

const waitOf = (error: AppError, attempt: number): number =>
  typeof error.details.retryAfter === "number"
    ? error.details.retryAfter
    : Math.min(250 * 2 ** (attempt - 1), 15_000) * (0.75 + Math.random() / 2)

const unavailable = (error: AppError) => new AppError("vendor_unavailable", error.message, { cause: error })
