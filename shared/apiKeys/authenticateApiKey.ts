import { sql } from "drizzle-orm"
import type { Actor, Context } from "../context.ts"
import { AppError } from "../errors.ts"
import { permissions } from "../staff/roles.ts"
import { sha256 } from "./sha256.ts"

export interface Authenticated {
  actor: Extract<Actor, { kind: "apiKey" }>
  rate: { limit: number; remaining: number; resetSeconds: number; exceeded: boolean }
}

const windowSeconds = 60

type Row = { id: string; name: string; scopes: string[]; rate_per_minute: number; used: number }

/**
 * Whose key this is, and how much of this minute's rate is left, in one statement that counts this request too. That
 * it was used is noted once a minute. Throws `unauthenticated` for a key that is unknown, revoked or expired.
 */
export async function authenticateApiKey(ctx: Context, key: string): Promise<Authenticated> {
  if (!/^ohq_[0-9a-f]{64}$/.test(key)) throw refused()
  const now = ctx.now()
  const windowStart = Math.floor(now.getTime() / 1000 / windowSeconds) * windowSeconds
  const at = now.toISOString()
  const found = await ctx.db.execute<Row>(sql`
    with live as (
      select id, name, scopes, rate_per_minute, last_used_at from api_keys
      where key_hash = ${await sha256(key)} and revoked_at is null and expires_at > ${at}
    ), seen as (
      update api_keys set last_used_at = ${at} where id in (
        select id from live where last_used_at is null or last_used_at < ${at}::timestamptz - interval '1 minute')
    ), counted as (
      insert into api_rate_windows as w (api_key_id, window_start, used)
      select id, ${new Date(windowStart * 1000).toISOString()}, 1 from live
      on conflict (api_key_id) do update set
        used = case when w.window_start < excluded.window_start then 1 else least(w.used, 1000000) + 1 end,
        window_start = greatest(w.window_start, excluded.window_start)
      returning used
    )
    select id, name, scopes, rate_per_minute, used from live, counted`)
  const [row] = found.rows
  if (!row) throw refused()
  return {
    actor: {
      kind: "apiKey",
      id: row.id,
      name: row.name,
      scopes: permissions.filter((each) => row.scopes.includes(each)),
    },
    rate: {
      limit: row.rate_per_minute,
      remaining: Math.max(0, row.rate_per_minute - row.used),
      resetSeconds: Math.max(1, Math.ceil(windowStart + windowSeconds - now.getTime() / 1000)),
      exceeded: row.used > row.rate_per_minute,
    },
  }
}

const refused = () =>
  new AppError(
    "unauthenticated",
    "Send a valid key as `Authorization: Bearer ohq_…`; this one is missing, unknown, expired or revoked.",
  )
