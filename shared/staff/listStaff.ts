import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { requirePermission } from "./requirePermission.ts"
import type { Role } from "./roles.ts"
import { absoluteHours, idleMinutes } from "./sessions.ts"

export interface StaffMember {
  id: string
  email: string
  name: string
  role: Role
  /** Id of their account in Discord. */
  discordUserId: string | null
  disabledAt: Date | null
  sessions: { hash: string; createdAt: Date; seenAt: Date; userAgent: string | null }[]
}

type Row = Record<string, unknown> & {
  id: string
  email: string
  name: string
  role: Role
  discord_user_id: string | null
  disabled_at: string | null
  sessions: { hash: string; created_at: string; seen_at: string; user_agent: string | null }[] | null
}

/** Everybody on the staff, the enabled first, with the sessions that are open. */
export async function listStaff(ctx: Context): Promise<StaffMember[]> {
  requirePermission(ctx, "staff:read")
  const before = (milliseconds: number) => new Date(ctx.now().getTime() - milliseconds).toISOString()
  const found = await ctx.db.execute<Row>(sql`
    select p.id, p.email, p.name, p.role, p.discord_user_id, p.disabled_at,
      (select jsonb_agg(jsonb_build_object('hash', s.token_hash, 'created_at', s.created_at,
          'seen_at', s.seen_at, 'user_agent', s.user_agent) order by s.seen_at desc)
        from staff_sessions s where s.staff_id = p.id and s.revoked_at is null and p.disabled_at is null
          and s.seen_at > ${before(idleMinutes * 60_000)}
          and s.created_at > ${before(absoluteHours * 3_600_000)}) as sessions
    from staff p order by p.disabled_at is not null, p.name, p.id limit 500`)
  return found.rows.map((row) => ({
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    discordUserId: row.discord_user_id,
    disabledAt: row.disabled_at ? new Date(row.disabled_at) : null,
    sessions: (row.sessions ?? []).map((session) => ({
      hash: session.hash,
      createdAt: new Date(session.created_at),
      seenAt: new Date(session.seen_at),
      userAgent: session.user_agent,
    })),
  }))
}
