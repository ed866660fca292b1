import type { APIOverwrite, APIRole } from "discord-api-types/v10"
import type { PermissionCase } from "../../vendors/discord/effectivePermissions.ts"
import { missingPermissions } from "../../vendors/discord/missingPermissions.ts"
import type { ListedChannel } from "../place/chooseParent.ts"
import { ticketParents } from "../place/ticketParents.ts"
import type { SupportSetup } from "../supportSetup.ts"

/** What keeps tickets from opening, in words: roles and categories that are gone, and where the bot may make no channels. */
export function placeProblems(
  where: Omit<PermissionCase, "roles" | "overwrites">,
  input: SupportSetup & {
    roles: readonly Pick<APIRole, "id" | "permissions">[]
    channels: readonly (ListedChannel & { permission_overwrites?: APIOverwrite[] | undefined })[]
  },
): string[] {
  const { settings, roles, channels } = input
  const { place, parentIds } = settings.support
  const categories = input.categories.filter(({ enabled }) => enabled)
  const problems = categories
    .filter(({ roleId }) => roleId !== "" && !roles.some(({ id }) => id === roleId))
    .map(
      ({ name }) => `Tickets about ${name} name a role that is not in the server, so none opens: choose another one.`,
    )
  if (place !== "channel") return problems
  const used = new Set<ListedChannel>()
  for (const { name, parentId } of [{ name: "", parentId: "" }, ...categories]) {
    const { listed, overflow } = ticketParents(channels, [...(parentId ? [parentId] : []), ...parentIds])
    for (const each of [...listed, ...overflow]) used.add(each)
    if (parentId && listed[0]?.id !== parentId)
      problems.push(`Tickets about ${name} are to go to a category that is not in the server; they go where others do.`)
  }
  for (const each of channels.filter((channel) => used.has(channel)))
    for (const missing of missingPermissions({ ...where, roles, overwrites: each.permission_overwrites ?? [] }, [
      "VIEW_CHANNEL",
      "MANAGE_CHANNELS",
    ]))
      problems.push(`In the category ${each.name} the bot lacks a permission, so no ticket opens there. ${missing}.`)
  return problems
}
