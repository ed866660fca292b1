import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import type { AppError } from "../../errors.ts"
import { DiscordRateLimit } from "../../vendors/discord/discordError.ts"

/** Minutes: of what passes by itself, and of what somebody has to put right. */
const longestWait = { passing: 10, refused: 60 }

/** Writes down why a ticket could not be looked at, and when it is tried again. To have to wait is no failure. */
export async function noteFailedCapture(ctx: Context, { id, error }: { id: string; error: AppError }): Promise<void> {
  ctx.log.warn("ticket not captured", { ticket: id, code: error.code, error: error.message })
  const open = sql`id = ${id} and status = 'open'`
  await ctx.db.execute(
    error instanceof DiscordRateLimit
      ? sql`update tickets set capture_at = ${error.retryAt.toISOString()}::timestamptz where ${open}`
      : sql`update tickets set capture_failures = capture_failures + 1,
          error = ${`What is said in Discord could not be read: ${error.message}`.slice(0, 1000)},
          capture_at = ${ctx.now().toISOString()}::timestamptz
            + make_interval(mins => least(${error.retry ? longestWait.passing : longestWait.refused}::integer, 2 * power(2, least(capture_failures, 10))::integer))
        where ${open}`,
  )
}
