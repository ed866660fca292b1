import { DiscordError } from "../discordError.ts"

/** A person's app does not offer what was asked of it. */
export const cannot = (why: string): DiscordError => new DiscordError(400, 0, why)
