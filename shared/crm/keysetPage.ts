import { type SQL, sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { isUuid } from "../db/isUuid.ts"
import { readCursor, writeCursor } from "./cursor.ts"

export interface Page<Item> {
  data: Item[]
  /** The cursor of the next page; null on the last. */
  next: string | null
}

export interface PageInput {
  limit?: number | undefined
  cursor?: string | undefined
}

const idTypes = {
  uuid: isUuid,
  text: (id: string) => /^\P{Cs}+$/u.test(id),
  bigint: (id: string) => /^\d{1,18}$/.test(id),
}

const keyed = z.object({ cursorAt: z.string(), cursorId: z.string() })

/** One page, newest first, by an index over `at` and `id`: as quick on the last page as on the first. */
export async function keysetPage<Schema extends z.ZodMiniObject>(
  ctx: Context,
  list: { columns: SQL; from: SQL; where: SQL[]; at: SQL; id: SQL; idType: keyof typeof idTypes; record: Schema },
  input: PageInput,
): Promise<Page<z.infer<Schema>>> {
  const { at, id, idType } = list
  const limit = input.limit ?? 50
  const where = [sql`true`, ...list.where]
  if (input.cursor) {
    const after = readCursor(input.cursor, idTypes[idType])
    where.push(sql`(${at}, ${id}) < (${after.at}::timestamptz, ${after.id}::${sql.raw(idType)})`)
  }
  const { rows } = await ctx.db.execute(sql`
    select ${list.columns}, to_char(${at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "cursorAt",
      (${id})::text as "cursorId"
    from ${list.from} where ${sql.join(where, sql` and `)} order by ${at} desc, ${id} desc limit ${limit + 1}`)
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? keyed.parse(shown.at(-1)) : null
  return {
    data: shown.map((row) => list.record.parse(row)),
    next: last && writeCursor(last.cursorAt, last.cursorId),
  }
}
