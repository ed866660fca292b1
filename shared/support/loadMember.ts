import { sql } from "drizzle-orm"
import type { Actor, Context } from "../context.ts"
import { parseSettings, selectSettings } from "../settings/readSettings.ts"
import type { Role } from "../staff/roles.ts"

/**
 * Who somebody in Discord is to us: the member of staff whose account names theirs, else a member of the server, who is
 * staff where they have the staff role; not whose account is switched off, whatever role they were left with.
 */
export async function loadMember(
  ctx: Context,
  { userId, name, roles }: { userId: string; name: string; roles: readonly string[] },
): Promise<Actor> {
  const [settingRows, found] = await ctx.db.batch([
    selectSettings(ctx.db),
    ctx.db.execute<{ id: string; email: string; name: string; role: Role; disabled: boolean }>(sql`
      select id, email, name, role, disabled_at is not null as disabled from staff where discord_user_id = ${userId}`),
  ])
  const [account] = found.rows
  if (account?.disabled) return { kind: "discord", userId, name, isStaff: false }
  if (account) return { kind: "staff", id: account.id, email: account.email, name: account.name, role: account.role }
  const { staffRoleId } = parseSettings(settingRows).support
  return { kind: "discord", userId, name, isStaff: staffRoleId !== "" && roles.includes(staffRoleId) }
}
