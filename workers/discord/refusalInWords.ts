import { AppError } from "../../shared/errors.ts"
import { DiscordError, DiscordRateLimit } from "../../shared/vendors/discord/discordError.ts"

/** Of https://discord.com/developers/docs/topics/opcodes-and-status-codes#json, what staff can do something about. */
const words: Record<number, string> = {
  10003: "The place of this ticket was deleted in Discord.",
  50001:
    "The bot may not do this: it does not see the channel. See what is missing on the page Discord of the tickets.",
  50013: "The bot may not do this: it lacks a permission. See what is missing on the page Discord of the tickets.",
}

/** What Discord refused, for staff to read; any other error as it is. */
export function refusalInWords(thrown: unknown): unknown {
  if (thrown instanceof DiscordRateLimit) {
    const at = Math.ceil(thrown.retryAt.getTime() / 1000)
    return new AppError("conflict", `Discord asks for patience. Please do it again <t:${at}:R>.`, { cause: thrown })
  }
  const message = thrown instanceof DiscordError ? words[thrown.discordCode] : undefined
  return message === undefined ? thrown : new AppError("conflict", message, { cause: thrown })
}
