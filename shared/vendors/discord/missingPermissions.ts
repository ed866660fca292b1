import { effectivePermissions, type PermissionCase } from "./effectivePermissions.ts"
import { type PermissionName, permissionBits, permissions } from "./permissions.ts"

/** What of `needed` is missing, each in the words of Discord's settings with where it goes missing. */
export function missingPermissions(where: PermissionCase, needed: readonly PermissionName[]): string[] {
  const here = effectivePermissions(where)
  const inServer = effectivePermissions({ ...where, overwrites: undefined })
  return needed
    .filter((name) => !(here & permissionBits(name)))
    .map((name) => `${permissions[name][1]}: ${reason(name)}`)

  function reason(name: PermissionName): string {
    if (!(inServer & permissionBits(name))) return "none of its roles grants it"
    if (!(here & permissionBits("VIEW_CHANNEL")) && name !== "VIEW_CHANNEL") return "it does not see the channel"
    return "the channel's permissions take it away"
  }
}
