import type { SupportSetup } from "./supportSetup.ts"

/** Roles of Discord whose members are staff: the one of the settings, and those that categories have of their own. */
export const staffRoles = ({ settings, categories }: SupportSetup): string[] =>
  [...new Set([settings.support.staffRoleId, ...categories.map(({ roleId }) => roleId)])].filter((role) => role !== "")
