import type { APIInteraction } from "discord-api-types/v10"
import * as z from "zod/mini"

export type Interaction = APIInteraction

const text = z.string().check(z.minLength(1))
const snowflake = z.string().check(z.regex(/^\d{1,20}$/))
const user = z.looseObject({ id: snowflake })

const base = { id: snowflake, application_id: snowflake, token: text, guild_id: z.optional(snowflake) }
/** In a server the member acts, in a direct message the user. */
const acting = { ...base, member: z.optional(z.looseObject({ user })), user: z.optional(user) }
const command = z.looseObject({ id: snowflake, name: text })
const custom = z.looseObject({ custom_id: text })

/** As far as routing depends on it; the rest is as Discord documents it, since Discord has signed it. */
const shape = z.discriminatedUnion("type", [
  z.looseObject({ ...base, type: z.literal(1) }),
  z.looseObject({ ...acting, type: z.literal(2), data: command }),
  z.looseObject({ ...acting, type: z.literal(3), data: custom }),
  z.looseObject({ ...acting, type: z.literal(4), data: command }),
  z.looseObject({ ...acting, type: z.literal(5), data: custom }),
])

function isInteraction(value: unknown): value is Interaction {
  const parsed = shape.safeParse(value)
  return parsed.success && (parsed.data.type === 1 || (parsed.data.member?.user ?? parsed.data.user) !== undefined)
}

/** A signed body as an interaction, or null where it is none that we know. */
export function readInteraction(body: string): Interaction | null {
  try {
    const value: unknown = JSON.parse(body)
    return isInteraction(value) ? value : null
  } catch {
    return null
  }
}
