import { AppError } from "../errors.ts"
import { sqlState } from "./sqlState.ts"

/** character_not_in_repertoire, untranslatable_character: what came holds a NUL or half a surrogate pair. */
const states = ["22021", "22P05"]

/** What to tell whoever sent text that PostgreSQL does not keep; null where that is not what failed. */
export const unkeepableText = (thrown: unknown): AppError | null =>
  states.includes(sqlState(thrown) ?? "")
    ? new AppError("bad_request", "The text holds characters that cannot be kept: NUL, or half of a pair.", {
        cause: thrown,
      })
    : null
