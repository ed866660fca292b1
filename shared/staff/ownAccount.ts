import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { AppError } from "../errors.ts"
import { auditEntry } from "./auditEntry.ts"
import { requirePermission } from "./requirePermission.ts"
import { absoluteHours, idleMinutes } from "./sessions.ts"
import { hashOfToken } from "./tokens.ts"

export interface OwnAccount {
  hasTotp: boolean
  recoveryCodesLeft: number
  passkeys: { id: string; name: string; createdAt: Date; usedAt: Date | null }[]
  sessions: { hash: string; createdAt: Date; seenAt: Date; userAgent: string | null; current: boolean }[]
}

/** How whoever is signed in signs in, and where they are. `token` is of the session at hand. */
export async function ownAccount(ctx: Context, token: string | null): Promise<OwnAccount> {
  const { actor } = ctx
  if (actor.kind !== "staff") throw new AppError("forbidden", "Only staff have an account.")
  const before = (milliseconds: number) => new Date(ctx.now().getTime() - milliseconds).toISOString()
  const current = token ? await hashOfToken(token) : ""
  const [account, passkeys, sessions] = await batch(ctx.db, [
    sql`select totp_secret is not null as has_totp,
      (select count(*)::int from staff_recovery_codes r where r.staff_id = s.id and r.used_at is null) as codes_left
      from staff s where id = ${actor.id}`,
    sql`select id, name, created_at::text, used_at::text from staff_passkeys where staff_id = ${actor.id} order by created_at limit 100`,
    sql`select token_hash, created_at::text, seen_at::text, user_agent from staff_sessions
      where staff_id = ${actor.id} and revoked_at is null and seen_at > ${before(idleMinutes * 60_000)}
        and created_at > ${before(absoluteHours * 3_600_000)} order by seen_at desc limit 100`,
  ])
  const text = (value: unknown) => String(value)
  return {
    hasTotp: account?.rows[0]?.has_totp === true,
    recoveryCodesLeft: Number(account?.rows[0]?.codes_left ?? 0),
    passkeys: (passkeys?.rows ?? []).map((row) => ({
      id: text(row.id),
      name: text(row.name),
      createdAt: new Date(text(row.created_at)),
      usedAt: row.used_at ? new Date(text(row.used_at)) : null,
    })),
    sessions: (sessions?.rows ?? []).map((row) => ({
      hash: text(row.token_hash),
      createdAt: new Date(text(row.created_at)),
      seenAt: new Date(text(row.seen_at)),
      userAgent: row.user_agent ? text(row.user_agent) : null,
      current: row.token_hash === current,
    })),
  }
}

/** Ends one session: one's own, or with `staff:write` anybody's. */
export async function revokeSession(ctx: Context, input: { staffId: string; hash: string }): Promise<void> {
  if (!(ctx.actor.kind === "staff" && ctx.actor.id === input.staffId)) requirePermission(ctx, "staff:write")
  const open = sql`token_hash = ${input.hash} and staff_id::text = ${input.staffId} and revoked_at is null`
  await batch(ctx.db, [
    auditEntry(ctx, {
      action: "staff.sessionEnded",
      subject: { type: "staff", id: input.staffId },
      where: sql`exists (select from staff_sessions where ${open})`,
    }),
    sql`update staff_sessions set revoked_at = ${ctx.now().toISOString()} where ${open}`,
  ])
}
