import type { APIRole } from "discord-api-types/v10"
import { missingPermissions } from "../../vendors/discord/missingPermissions.ts"
import { commands } from "./commands.ts"
import { memberWith, type SetupWhere } from "./memberWith.ts"

/** Whom Discord does not offer the commands of staff, in words. */
export function commandProblems(where: SetupWhere, { id, name }: Pick<APIRole, "id" | "name">): string[] {
  if (missingPermissions({ ...where, ...memberWith([id]) }, ["MANAGE_MESSAGES"]).length === 0) return []
  const ofStaff = commands.filter((each) => each.default_member_permissions).map((each) => `/${each.name}`)
  return [
    `The role ${name} does not see the commands of staff: Discord offers ${ofStaff.join(", ")} to who has Manage Messages. Grant it to the role, or let the role use the commands in the server's settings, under Integrations.`,
  ]
}
