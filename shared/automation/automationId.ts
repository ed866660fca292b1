import * as z from "zod/mini"

/** Ids of rules and sequences are written by people and shown to them. */
export const automationId = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/))
export const automationName = z.string().check(z.minLength(1), z.maxLength(120))
