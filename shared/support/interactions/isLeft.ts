import { type SQL, sql } from "drizzle-orm"

/** After so long nothing does it again by itself. */
export const insistsFor = 86_400_000

/** Of `discord_interactions`: what came to nothing on our side and waits for staff. */
export function isLeft(now: Date): SQL {
  const givenUp = sql`${new Date(now.getTime() - insistsFor).toISOString()}::timestamptz`
  return sql`(failed_at is not null or payload is not null) and set_aside_at is null
    and (failed_at is not null or received_at <= ${givenUp})`
}
