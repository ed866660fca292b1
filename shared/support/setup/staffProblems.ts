import type { APIOverwrite, APIRole } from "discord-api-types/v10"
import { missingPermissions } from "../../vendors/discord/missingPermissions.ts"
import type { PermissionName } from "../../vendors/discord/permissions.ts"

type Where = Omit<Parameters<typeof missingPermissions>[0], "userId" | "member" | "overwrites">
type Role = Pick<APIRole, "id" | "name" | "permissions">

/** Who is in a private thread sees it, and who manages threads; the bot adds nobody but its opener and who answers it. */
const inThreads: PermissionName[] = ["VIEW_CHANNEL", "SEND_MESSAGES_IN_THREADS", "MANAGE_THREADS"]

/**
 * What keeps people from tickets that are private threads of the panel's channel, in words. A mention lets nobody in there:
 * Discord adds members of a role that people mention, and does not say that it does for bots.
 */
export function threadProblems(
  where: Where,
  input: { roles: readonly Role[]; panel: { name: string; overwrites: readonly APIOverwrite[] } },
): string[] {
  const { roles, panel } = input
  return roles.flatMap((role) =>
    missingPermissions({ ...where, ...onlyWith(role), overwrites: panel.overwrites }, inThreads).map(
      (missing) =>
        `In #${panel.name} the role ${role.name} lacks a permission, so staff do not see all tickets, or cannot answer them there. ${missing}.`,
    ),
  )
}

/** Whom Discord does not offer the commands of staff, in words. */
export function commandProblems(where: Where, role: Role): string[] {
  if (missingPermissions({ ...where, ...onlyWith(role) }, ["MANAGE_MESSAGES"]).length === 0) return []
  return [
    `The role ${role.name} does not see the commands of staff: Discord offers /ticket, /customer, /block and /unblock to who has Manage Messages. Grant it to the role, or let the role use the commands in the server's settings, under Integrations.`,
  ]
}

/** Somebody who has that role and no other. */
const onlyWith = ({ id }: Role) => ({ userId: "", member: { roles: [id], communication_disabled_until: null } })
