import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { jsonb } from "../db/bulk.ts"
import type { interactionKinds } from "../db/schema/support.ts"

export interface ClaimedInteraction {
  id: string
  kind: (typeof interactionKinds)[number]
  name: string
  userId: string
  /** Of what is put off: the whole of it, kept until it is settled. */
  payload: object | null
}

/** Takes the interaction's id, in one statement. False: it has been taken before, so the request is a recorded one. */
export async function claimInteraction(ctx: Context, interaction: ClaimedInteraction): Promise<boolean> {
  const { id, kind, name, userId, payload } = interaction
  const taken = await ctx.db.execute(sql`
    insert into discord_interactions (id, kind, name, user_id, received_at, payload)
    values (${id}, ${kind}, ${name}, ${userId},
      ${ctx.now().toISOString()}::timestamptz, ${payload && jsonb(payload)})
    on conflict (id) do nothing`)
  return taken.rowCount > 0
}
