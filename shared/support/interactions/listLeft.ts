import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { isInstant } from "../../db/isInstant.ts"
import { interactionKinds, ticketCategories } from "../../db/schema/support.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { interactionKinds as kinds } from "../../vendors/discord/kinds.ts"
import { readInteraction } from "../../vendors/discord/readInteraction.ts"
import { nameOf } from "../../vendors/discord/whoActs.ts"
import { isLeft } from "./isLeft.ts"
import { wordsOf } from "./wordsOf.ts"

/** What somebody did in Discord that came to nothing on our side. */
export interface LeftInteraction {
  id: string
  kind: (typeof interactionKinds)[number]
  /** Name of the command, button or form. */
  name: string
  userId: string
  userName: string
  words: { label: string; text: string }[]
  /** Null: nobody has finished it, and nobody knows why. */
  error: string | null
  receivedAt: Date
  /** It is kept whole, so it can be done again. */
  isKept: boolean
  isWish: boolean
}

const pageSize = 50
const cursorShape = z.tuple([z.string().check(z.refine(isInstant)), z.string().check(z.maxLength(30))])
const row = z.object({
  id: z.string(),
  kind: z.enum(interactionKinds),
  name: z.string(),
  user_id: z.string(),
  error: z.nullable(z.string()),
  received_at: z.string(),
  payload: z.unknown(),
})

/** One page of what came to nothing, or of what staff have set aside; the newest first. */
export async function listLeft(
  ctx: Context,
  input: { aside?: boolean | undefined; after?: string | undefined },
): Promise<{ interactions: LeftInteraction[]; next: string | null }> {
  requirePermission(ctx, "tickets:read")
  const cursor = readCursor(input.after)
  const which = input.aside
    ? sql`(failed_at is not null or payload is not null) and set_aside_at is not null`
    : isLeft(ctx.now())
  const [found, categories] = await ctx.db.batch([
    ctx.db.execute(sql`
      select id, kind, name, user_id, error, payload, received_at::text from discord_interactions
      where ${which} and ${cursor ? sql`(received_at, id) < (${cursor[0]}::timestamptz, ${cursor[1]})` : sql`true`}
      order by received_at desc, id desc limit ${pageSize + 1}`),
    ctx.db.select({ id: ticketCategories.id, questions: ticketCategories.questions }).from(ticketCategories),
  ])
  const rows = found.rows.map((each) => row.parse(each))
  const last = rows.slice(0, pageSize).at(-1)
  return {
    interactions: rows.slice(0, pageSize).map((each) => shown(each, categories)),
    next: rows.length > pageSize && last ? JSON.stringify([last.received_at, last.id]) : null,
  }
}

function shown(
  { id, kind, name, user_id: userId, error, received_at, payload }: z.infer<typeof row>,
  categories: Parameters<typeof wordsOf>[1],
): LeftInteraction {
  const act = payload === null ? null : readInteraction(JSON.stringify(payload))
  const acted = act && act.type !== kinds.ping ? act : null
  return {
    ...{ id, kind, name, userId, error },
    userName: acted ? nameOf(acted) : userId,
    words: acted ? wordsOf(acted, categories) : [],
    receivedAt: new Date(received_at),
    isKept: acted !== null,
    isWish: kind === "modal" && name === "ticket.form" && acted !== null,
  }
}

/** A cursor that somebody has tampered with shows the newest. */
function readCursor(after: string | undefined): [string, string] | null {
  try {
    return cursorShape.parse(JSON.parse(after ?? "null"))
  } catch {
    return null
  }
}
