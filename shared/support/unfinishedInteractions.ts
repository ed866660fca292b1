import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { insistsFor } from "./interactions/isLeft.ts"

/** Nobody has left it to staff, nor have they set it aside. */
const isAtWork = sql`failed_at is null and set_aside_at is null`
/** Longer than a Worker has after its answer. */
const givenUpAfter = 60_000

/** Ids of interactions that were put off and over which somebody died, oldest first. */
export async function unfinishedInteractions(ctx: Context, input: { limit: number }): Promise<string[]> {
  const before = new Date(ctx.now().getTime() - givenUpAfter).toISOString()
  const oldest = new Date(ctx.now().getTime() - insistsFor).toISOString()
  const found = await ctx.db.execute<{ id: string }>(sql`
    select id from discord_interactions where payload is not null and ${isAtWork} and received_at < ${before} and received_at > ${oldest}
    order by received_at limit ${input.limit}`)
  return found.rows.map(({ id }) => id)
}

/** The interaction as Discord sent it, or null once it is over. */
export async function readUnfinished(ctx: Context, input: { id: string }): Promise<unknown> {
  const found = await ctx.db.execute<{ payload: unknown }>(
    sql`select payload from discord_interactions where id = ${input.id} and payload is not null and ${isAtWork}`,
  )
  return found.rows[0]?.payload ?? null
}
