import type { APIMessage } from "discord-api-types/v10"
import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { jsonb, textArray } from "../../db/bulk.ts"
import type { DiscordRest } from "../../vendors/discord/discordRest.ts"
import { getMember } from "../../vendors/discord/guild.ts"
import type { ClaimedCapture } from "./claimCapture.ts"
import type { AuthorKind } from "./keptMessage.ts"

/** What the server says of a member's roles is taken to hold this many minutes. */
const holds = 60

/** Who has said nothing for so many days is forgotten. */
const forgottenAfter = 30

type Said = Pick<APIMessage, "author" | "webhook_id">
export type KindOf = (message: Said) => AuthorKind

const isBot = ({ author, webhook_id: webhook }: Said) => author.bot === true || webhook !== undefined

/**
 * Who is who among the authors. Messages do not tell the roles of who wrote them, so the server is asked once for each
 * author that is neither the opener, a bot, nor known as staff; what it says is kept for an hour. Who has left the server
 * stays what they were.
 */
export async function kindsOfAuthors(
  ctx: Context<{ discord: DiscordRest }>,
  ticket: Pick<ClaimedCapture, "guildId" | "openerId" | "staffRoleIds">,
  messages: readonly Said[],
): Promise<KindOf> {
  const asked = new Set(
    messages
      .filter((message) => !isBot(message) && message.author.id !== ticket.openerId)
      .map(({ author }) => author.id),
  )
  const staff = asked.size > 0 ? await staffAmong(ctx, ticket, asked) : new Set<string>()
  return (message) => {
    if (isBot(message)) return "bot"
    if (message.author.id === ticket.openerId) return "opener"
    return staff.has(message.author.id) ? "staff" : "other"
  }
}

async function staffAmong(
  ctx: Context<{ discord: DiscordRest }>,
  { guildId, staffRoleIds }: Pick<ClaimedCapture, "guildId" | "staffRoleIds">,
  asked: ReadonlySet<string>,
): Promise<Set<string>> {
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  const { rows } = await ctx.db.execute<{ id: string; is_staff: boolean; fresh: boolean }>(sql`
    select discord_user_id as id, true as is_staff, true as fresh from staff
    where discord_user_id = any(${textArray(asked)}) and disabled_at is null
    union all
    select user_id, is_staff, read_at > ${now} - make_interval(mins => ${holds}::integer) from discord_members
    where user_id = any(${textArray(asked)})`)
  const known = new Set(rows.filter(({ fresh }) => fresh).map(({ id }) => id))
  const staff = new Set(rows.filter(({ is_staff: is }) => is).map(({ id }) => id))
  const read: { user_id: string; is_staff: boolean; read_at: string }[] = []
  for (const userId of asked) {
    if (known.has(userId)) continue
    const member = await getMember(ctx.vendors.discord, { guildId, userId })
    if (member?.roles.some((role) => staffRoleIds.includes(role))) staff.add(userId)
    else if (member) staff.delete(userId)
    read.push({ user_id: userId, is_staff: staff.has(userId), read_at: ctx.now().toISOString() })
  }
  if (read.length > 0)
    await batch(ctx.db, [
      sql`insert into discord_members (user_id, is_staff, read_at)
        select * from jsonb_to_recordset(${jsonb(read)}) as r(user_id text, is_staff boolean, read_at timestamptz)
        on conflict (user_id) do update set is_staff = excluded.is_staff, read_at = excluded.read_at`,
      sql`delete from discord_members where read_at < ${now} - make_interval(days => ${forgottenAfter}::integer)`,
    ])
  return staff
}
