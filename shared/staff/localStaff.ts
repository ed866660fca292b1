import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { AppError } from "../errors.ts"
import type { Role } from "./roles.ts"

/** Whether this is a Worker on somebody's own machine: only the local stage, and only a database on this machine. */
export function isLocal(env: { STAGE: string; DATABASE_HTTP_ENDPOINT: string }): boolean {
  return env.STAGE === "local" && /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?\//.test(env.DATABASE_HTTP_ENDPOINT)
}

/** The made-up member of staff of a role, for local development only. Throws `forbidden` anywhere else. */
export async function localStaff(
  ctx: Context,
  env: { STAGE: string; DATABASE_HTTP_ENDPOINT: string },
  role: Role,
): Promise<string> {
  if (!isLocal(env)) throw new AppError("forbidden", "One-click sign-in exists in local development only.")
  const name = `Local ${role}`
  const kept = await ctx.db.execute<{ id: string }>(sql`
    insert into staff (id, email, name, role, created_at)
    values (${crypto.randomUUID()}, ${`${role}@local.test`}, ${name}, ${role}, ${ctx.now().toISOString()})
    on conflict (email) do update set name = excluded.name
    returning id`)
  const [row] = kept.rows
  if (!row) throw new AppError("internal", "The local member of staff could not be kept.")
  return row.id
}
