import { sql } from "drizzle-orm"
import type { Actor, Context } from "../context.ts"
import { roles } from "./roles.ts"
import { hashOfToken, newToken } from "./tokens.ts"

/** Minutes without anybody at it after which a session is over. */
export const idleMinutes = 30
/** Hours after sign-in when it is over in any case. */
export const absoluteHours = 12

type StaffActor = Extract<Actor, { kind: "staff" }>

/** Opens a session, ends the one it replaces, and returns the token for the cookie: 256 random bits. */
export async function openSession(
  ctx: Context,
  input: { staffId: string; replaces: string | null; userAgent: string | null },
): Promise<string> {
  const token = newToken()
  const now = ctx.now().toISOString()
  const replaced = input.replaces ? await hashOfToken(input.replaces) : null
  await ctx.db.execute(sql`
    with ended as (update staff_sessions set revoked_at = ${now} where token_hash = ${replaced} and revoked_at is null)
    insert into staff_sessions (token_hash, staff_id, created_at, seen_at, user_agent)
    values (${await hashOfToken(token)}, ${input.staffId}, ${now}, ${now}, ${input.userAgent?.slice(0, 300) ?? null})`)
  return token
}

/**
 * Who holds this token: null when there is no such session, it is over or revoked, or its holder is disabled.
 * One statement, which also notes that it was seen, at most once a minute; not for what a page asks by itself.
 */
export async function sessionStaff(
  ctx: Context,
  { token, attended }: { token: string; attended: boolean },
): Promise<StaffActor | null> {
  if (!/^[0-9a-f]{64}$/.test(token)) return null
  const hash = await hashOfToken(token)
  const now = ctx.now()
  const before = (milliseconds: number) => new Date(now.getTime() - milliseconds).toISOString()
  const found = await ctx.db.execute<{ id: string; email: string; name: string; role: string }>(sql`
    with live as (
      select s.token_hash, s.seen_at, p.id, p.email, p.name, p.role
      from staff_sessions s join staff p on p.id = s.staff_id
      where s.token_hash = ${hash} and s.revoked_at is null and p.disabled_at is null
        and s.seen_at > ${before(idleMinutes * 60_000)} and s.created_at > ${before(absoluteHours * 3_600_000)}
    ), seen as (
      update staff_sessions set seen_at = ${now.toISOString()}
      where ${attended}::boolean and token_hash in (select token_hash from live where seen_at < ${before(60_000)})
    )
    select id, email, name, role from live`)
  const [row] = found.rows
  const role = roles.find((each) => each === row?.role)
  return row && role ? { kind: "staff", id: row.id, email: row.email, name: row.name, role } : null
}

export async function endSession(ctx: Context, token: string): Promise<void> {
  await ctx.db.execute(sql`
    update staff_sessions set revoked_at = ${ctx.now().toISOString()}
    where token_hash = ${await hashOfToken(token)} and revoked_at is null`)
}
