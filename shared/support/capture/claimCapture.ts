import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { staffRoles } from "../staffRoles.ts"
import { parseSupport, selectSupport } from "../supportSetup.ts"
import type { CapturePlace } from "./capturePlace.ts"

export interface ClaimedCapture {
  id: string
  number: number
  guildId: string
  openerId: string
  staffRoleIds: string[]
  /** The conversation first. */
  places: CapturePlace[]
}

const claimed = z.object({
  number: z.coerce.number(),
  guild_id: z.string(),
  opener_id: z.string(),
  channel_id: z.string(),
  captured_to: z.nullable(z.string()),
  reread_to: z.nullable(z.string()),
  staff_thread_id: z.nullable(z.string()),
  staff_captured_to: z.nullable(z.string()),
  staff_reread_to: z.nullable(z.string()),
})

/** Should whoever claimed it die, it is looked at again after this many minutes. */
const lease = 4

/** The ticket to be looked at, and put off for others meanwhile. Null: there is nothing to look at (any more). */
export async function claimCapture(
  ctx: Context,
  { id, final }: { id: string; final: boolean },
): Promise<ClaimedCapture | null> {
  const columns = sql`number, guild_id, opener_id, channel_id, captured_to, reread_to, staff_thread_id, staff_captured_to, staff_reread_to`
  const there = sql`id = ${id} and source = 'discord' and channel_id is not null and guild_id is not null and opener_id is not null`
  const [settingRows, categories, found] = await ctx.db.batch([
    ...selectSupport(ctx.db),
    ctx.db.execute(
      final
        ? sql`select ${columns} from tickets where ${there}`
        : sql`update tickets set capture_at = ${ctx.now().toISOString()}::timestamptz + make_interval(mins => ${lease}::integer)
            where ${there} and status = 'open' returning ${columns}`,
    ),
  ])
  if (!found.rows[0]) return null
  const row = claimed.parse(found.rows[0])
  const conversation = { channelId: row.channel_id, internal: false, cursor: row.captured_to, rereadTo: row.reread_to }
  const staffThread = row.staff_thread_id
    ? [
        {
          channelId: row.staff_thread_id,
          internal: true,
          cursor: row.staff_captured_to,
          rereadTo: row.staff_reread_to,
        },
      ]
    : []
  return {
    id,
    number: row.number,
    guildId: row.guild_id,
    openerId: row.opener_id,
    staffRoleIds: staffRoles(parseSupport(settingRows, categories)),
    places: [conversation, ...staffThread],
  }
}
