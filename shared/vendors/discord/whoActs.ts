import type { APIPingInteraction } from "discord-api-types/v10"
import type { Interaction } from "./readInteraction.ts"

/** What somebody in Discord does here. */
export type Act = Exclude<Interaction, APIPingInteraction>

/** In a server the member acts, in a direct message the user. */
export const userIdOf = ({ member, user }: Act): string => (member?.user ?? user)?.id ?? ""

/** What people in Discord call whoever acts. */
export function nameOf({ member, user }: Act): string {
  const account = member?.user ?? user
  return member?.nick ?? account?.global_name ?? account?.username ?? account?.id ?? ""
}
