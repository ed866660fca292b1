import { z } from "zod"
import { invalidForm } from "../discordError.ts"
import type { Message } from "../model/wire.ts"
import { compareIds } from "../snowflakes.ts"
import { zodProblems } from "./zodProblems.ts"

const snowflake = z
  .string()
  .regex(/^\d{1,20}$/)
  .optional()
const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  before: snowflake,
  after: snowflake,
  around: snowflake,
})

/** Up to `limit` messages (50), newest first: those before, after or around an id. Ephemeral ones are in no list. */
export function messagePage(conversation: readonly Message[], query: Record<string, string>): Message[] {
  const read = pageQuery.safeParse(query)
  if (!read.success) throw invalidForm(...zodProblems(read.error))
  const { before, after, around, limit } = read.data
  if ([before, after, around].filter(Boolean).length > 1)
    throw invalidForm({
      path: [],
      code: "BASE_TYPE_INVALID",
      message: "Only one of before, after and around is allowed.",
    })
  const listed = conversation.filter(({ ephemeral_for }) => ephemeral_for === undefined)
  if (after) {
    const first = listed.findIndex(({ id }) => compareIds(id, after) > 0)
    return first < 0 ? [] : listed.slice(first, first + limit).toReversed()
  }
  if (around) {
    const at = listed.findIndex(({ id }) => compareIds(id, around) >= 0)
    const start = Math.max(0, (at < 0 ? listed.length : at) - Math.floor(limit / 2))
    return listed.slice(start, start + limit).toReversed()
  }
  const end = before ? listed.findIndex(({ id }) => compareIds(id, before) >= 0) : -1
  const older = end < 0 ? listed : listed.slice(0, end)
  return older.slice(-limit).toReversed()
}
