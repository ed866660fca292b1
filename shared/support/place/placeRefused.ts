import { AppError } from "../../errors.ts"
import { DiscordError } from "../../vendors/discord/discordError.ts"

const unknownRole = 10011
/** Missing access, missing permissions. */
const notAllowed = [50001, 50013]

/** What keeps a channel from being made, in words that say what to set right; anything else as it is. */
export function placeRefused(thrown: unknown, where: { category: string; parent: string; ownRole: boolean }): unknown {
  if (!(thrown instanceof DiscordError)) return thrown
  const { category, parent, ownRole } = where
  const because = (text: string) => new AppError("misconfigured", `${text} (${thrown.message})`, { cause: thrown })
  if (thrown.discordCode === unknownRole) {
    const role = ownRole ? `The staff role, or the one of tickets about ${category},` : "The staff role"
    return because(`${role} is not in the server any more: choose another one.`)
  }
  if (notAllowed.includes(thrown.discordCode))
    return because(`The bot may make no channels in the category ${parent}: run the set-up of Discord, it says why.`)
  return thrown
}
