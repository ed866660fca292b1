import type { PermissionCase } from "../../vendors/discord/effectivePermissions.ts"

/** The server in which a set-up looks for what is missing. */
export type SetupWhere = Pick<PermissionCase, "guild" | "roles" | "now">

/** Somebody who has those roles and no others. */
export const memberWith = (roles: string[]): Pick<PermissionCase, "userId" | "member"> => ({
  userId: "",
  member: { roles, communication_disabled_until: null },
})
