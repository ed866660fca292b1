import { DiscordError } from "./discordError.ts"

/** Unknown channel, guild, member, message, user. */
const gone = [10003, 10004, 10007, 10008, 10013]

/** What Discord answers, or null where what was asked about is not there (any more). */
export async function unlessGone(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer
  } catch (thrown) {
    if (thrown instanceof DiscordError && gone.includes(thrown.discordCode)) return null
    throw thrown
  }
}
