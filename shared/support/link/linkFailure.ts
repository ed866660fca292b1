import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import type { linkFailures } from "../../db/schema/support.ts"

export type LinkFailure = (typeof linkFailures)[number]

/** What whoever waits for a code is told. */
export const linkFailureTexts: Record<LinkFailure, string> = {
  suppressed:
    "No mail of ours goes to this address: earlier mail to it came back, or somebody asked us not to write. Use another address with /link, or ask staff in a ticket.",
  refused:
    "The mail with your code was not taken. Check the address and ask again with /link, or ask staff in a ticket.",
  unavailable: "No mail can go out right now, so there is no code. Please ask again with /link in a few minutes.",
  unsure:
    "It is not certain that the mail with your code went out. If there is none within a few minutes, ask again with /link.",
  lost: "The mail with your code came back. Check the address and ask again with /link, or ask staff in a ticket.",
}

/** Why the latest code of a Discord account is not with them; null where one may be. */
export async function linkFailure(ctx: Context, { userId }: { userId: string }): Promise<LinkFailure | null> {
  const found = await ctx.db.execute<{ failure: LinkFailure | null }>(sql`
    select failure from discord_link_codes
    where user_id = ${userId} and used_at is null and expires_at > ${ctx.now().toISOString()}
    order by coalesce(failure, 'unsure') = 'unsure' desc, created_at desc limit 1`)
  const failure = found.rows[0]?.failure ?? null
  return failure === "unsure" ? null : failure
}
