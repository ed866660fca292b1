import { AppError } from "../../shared/errors.ts"
import { isPermitted } from "../../shared/staff/requirePermission.ts"
import type { Permission } from "../../shared/staff/roles.ts"
import { loadMember } from "../../shared/support/loadMember.ts"
import { type Act, nameOf, userIdOf } from "../../shared/vendors/discord/whoActs.ts"
import type { DiscordContext } from "./discordContext.ts"

/** The context in the name of the member, who is staff where they have the staff role or a staff account names theirs. */
export async function asMember(ctx: DiscordContext, act: Act): Promise<DiscordContext> {
  const actor = await loadMember(ctx, { userId: userIdOf(act), name: nameOf(act), roles: act.member?.roles ?? [] })
  return { ...ctx, actor }
}

/** The same of staff alone. Throws `forbidden`. */
export async function asStaff(ctx: DiscordContext, act: Act): Promise<DiscordContext> {
  const own = await asMember(ctx, act)
  if (own.actor.kind === "staff" || (own.actor.kind === "discord" && own.actor.isStaff)) return own
  throw new AppError("forbidden", "This is for staff.")
}

/**
 * What is read for whoever has the permission, nothing for anybody else. Both are asked for at once: Discord does not wait
 * for one answer of a slow database after another while somebody types.
 */
export async function readFor<Found>(
  ctx: DiscordContext,
  act: Act,
  permission: Permission,
  read: (ctx: DiscordContext) => Promise<Found[]>,
): Promise<Found[]> {
  const reader: DiscordContext = { ...ctx, actor: { kind: "queue", name: "choices" } }
  const [{ actor }, found] = await Promise.all([asMember(ctx, act), read(reader)])
  return isPermitted(actor, permission) ? found : []
}
