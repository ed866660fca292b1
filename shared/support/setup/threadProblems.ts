import type { APIOverwrite, APIRole } from "discord-api-types/v10"
import { missingPermissions } from "../../vendors/discord/missingPermissions.ts"
import type { PermissionName } from "../../vendors/discord/permissions.ts"
import { memberWith, type SetupWhere } from "./memberWith.ts"

/** Who is in a private thread sees it, and who manages threads; the bot adds nobody but its opener and who answers it. */
const ofStaff: PermissionName[] = ["VIEW_CHANNEL", "SEND_MESSAGES_IN_THREADS", "MANAGE_THREADS"]

/**
 * What keeps people from tickets that are private threads of the panel's channel, in words. A mention lets nobody in there:
 * Discord adds members of a role that people mention, and does not say that it does for bots.
 */
export function threadProblems(
  where: SetupWhere,
  input: {
    /** Those that answer tickets. */
    roles: readonly Pick<APIRole, "id" | "name">[]
    panel: { name: string; overwrites: readonly APIOverwrite[] }
  },
): string[] {
  const { roles, panel } = input
  const missing = (roleIds: string[], needed: PermissionName[]) =>
    missingPermissions({ ...where, ...memberWith(roleIds), overwrites: panel.overwrites }, needed)
  const staff = roles.flatMap(({ id, name }) =>
    missing([id], ofStaff).map(
      (each) =>
        `In #${panel.name} the role ${name} lacks a permission, so staff do not see all tickets, or cannot answer them there. ${each}.`,
    ),
  )
  // Where not everybody sees the panel, a role lets people in that may let them write as well.
  const everybodySees = missing([], ["VIEW_CHANNEL"]).length === 0
  const openers = everybodySees ? missing([], ["SEND_MESSAGES_IN_THREADS"]) : []
  return [...staff, ...openers.map((each) => `In #${panel.name} members cannot write in their own tickets. ${each}.`)]
}
