import type { Act } from "./findHandler.ts"

/** In a server the member acts, in a direct message the user. */
export const userIdOf = ({ member, user }: Act): string => (member?.user ?? user)?.id ?? ""

/** What people in Discord call whoever acts. */
export function nameOf({ member, user }: Act): string {
  const account = member?.user ?? user
  return member?.nick ?? account?.global_name ?? account?.username ?? account?.id ?? ""
}
