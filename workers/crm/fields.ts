import * as z from "zod/mini"
import { isInstant } from "../../shared/db/isInstant.ts"

export const line = (most: number) =>
  z.string().check(z.trim(), z.minLength(1), z.maxLength(most), z.regex(/^[^\p{Cc}]*$/u))

/** An address as it is kept: compatibility forms folded, lower case. */
export const emailField = z
  .string()
  .check(z.normalize("NFKC"), z.trim(), z.toLowerCase(), z.maxLength(254), z.regex(z.regexes.email))

export const instantField = z.iso.datetime({ offset: true }).check(
  z.refine((text) => Math.abs(new Date(text).getUTCFullYear() - 2100) < 200, "Must be between 1900 and 2300."),
  z.refine(isInstant, "Must be a time with an offset that there is."),
)

export const uuidField = z.uuid()

export const paging = {
  limit: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(100))),
  cursor: z.optional(z.string().check(z.minLength(1), z.maxLength(1000))),
}
