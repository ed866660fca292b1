import { DiscordError } from "./discordError.ts"

/** Unknown channel, guild, member, message, overwrite, user. */
const anyOfThem = [10003, 10004, 10007, 10008, 10009, 10013]

/** What comes of the answer, or null where what was asked about is not there (any more). */
export async function unlessGone<Result>(
  answer: Promise<unknown>,
  read: (answer: unknown) => Result,
  gone: readonly number[] = anyOfThem,
): Promise<Result | null> {
  try {
    return read(await answer)
  } catch (thrown) {
    if (thrown instanceof DiscordError && gone.includes(thrown.discordCode)) return null
    throw thrown
  }
}

/** Whether it was there to be deleted. */
export const deletedUnlessGone = async (answer: Promise<unknown>): Promise<boolean> =>
  (await unlessGone(answer, () => true)) ?? false
