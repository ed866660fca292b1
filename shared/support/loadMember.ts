import { sql } from "drizzle-orm"
import type { Actor, Context } from "../context.ts"
import type { Role } from "../staff/roles.ts"
import { staffRoles } from "./staffRoles.ts"
import { parseSupport, selectSupport } from "./supportSetup.ts"

/**
 * Who somebody in Discord is to us: the member of staff whose account names theirs, else a member of the server, who is
 * staff where they have a role of staff; not whose account is switched off, whatever role they were left with.
 */
export async function loadMember(
  ctx: Context,
  { userId, name, roles }: { userId: string; name: string; roles: readonly string[] },
): Promise<Actor> {
  const [settingRows, categories, found] = await ctx.db.batch([
    ...selectSupport(ctx.db),
    ctx.db.execute<{ id: string; email: string; name: string; role: Role; disabled: boolean }>(sql`
      select id, email, name, role, disabled_at is not null as disabled from staff where discord_user_id = ${userId}`),
  ])
  const [account] = found.rows
  if (account?.disabled) return { kind: "discord", userId, name, isStaff: false }
  if (account) return { kind: "staff", id: account.id, email: account.email, name: account.name, role: account.role }
  const isStaff = staffRoles(parseSupport(settingRows, categories)).some((role) => roles.includes(role))
  return { kind: "discord", userId, name, isStaff }
}
