import { sql } from "drizzle-orm"
import type { Actor, Context } from "../context.ts"
import { parseSettings, selectSettings } from "../settings/readSettings.ts"
import type { Role } from "../staff/roles.ts"

/**
 * Who somebody in Discord is to us: the member of staff whose account names theirs, else a member of the server, who is
 * staff where they have the staff role.
 */
export async function loadMember(
  ctx: Context,
  { userId, name, roles }: { userId: string; name: string; roles: readonly string[] },
): Promise<Actor> {
  const [settingRows, found] = await ctx.db.batch([
    selectSettings(ctx.db),
    ctx.db.execute<{ id: string; email: string; name: string; role: Role }>(sql`
      select id, email, name, role from staff where discord_user_id = ${userId} and disabled_at is null`),
  ])
  const [account] = found.rows
  if (account) return { kind: "staff", ...account }
  const { staffRoleId } = parseSettings(settingRows).support
  return { kind: "discord", userId, name, isStaff: staffRoleId !== "" && roles.includes(staffRoleId) }
}
