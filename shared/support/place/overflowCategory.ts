import { ChannelType } from "discord-api-types/v10"
import { sql } from "drizzle-orm"
import { AppError } from "../../errors.ts"
import { createChannel, deleteChannel } from "../../vendors/discord/channels.ts"
import { DiscordError, DiscordRateLimit } from "../../vendors/discord/discordError.ts"
import { listGuildChannels } from "../../vendors/discord/guild.ts"
import type { TicketContext } from "../ticketContext.ts"

/** Longer than anybody takes to make one; then whoever had it is taken for dead. */
const leaseMilliseconds = 30_000
/** Others wait for it this long, and look this often. */
const patience = { milliseconds: 400, times: 10 }
/** Clocks of two Workers differ by less. */
const skewMilliseconds = 10_000

/**
 * The Discord category of that name, made by one of all who want it at the same time; the others get what that one has
 * made. `listedAt`: when the server's channels were listed, among which it was not. Throws `vendor_unavailable` where
 * somebody else takes too long over it.
 */
export async function overflowCategory(
  ctx: TicketContext,
  input: { name: string; listedAt: Date; reason: string },
): Promise<string> {
  const { name, listedAt, reason } = input
  const holder = crypto.randomUUID()
  for (let looked = 0; looked <= patience.times; looked++) {
    const row = await reserve(ctx, { name, holder, listedAt })
    if (row.holder === holder) return make(ctx, { name, holder, reason, takenOver: row.taken_over })
    if (row.category_id !== null) return row.category_id
    await new Promise((resolve) => setTimeout(resolve, patience.milliseconds))
  }
  throw new AppError("vendor_unavailable", `The category "${name}" is being made in Discord by somebody else.`)
}

type Row = { holder: string; category_id: string | null; taken_over: boolean }

/** Takes the name, also after whoever died over it or where its category has been deleted in Discord; else who has it. */
async function reserve(
  ctx: TicketContext,
  { name, holder, listedAt }: { name: string; holder: string; listedAt: Date },
): Promise<Row> {
  const { guildId } = ctx.config
  const now = ctx.now()
  const leaseUntil = new Date(now.getTime() + leaseMilliseconds).toISOString()
  const missing = new Date(listedAt.getTime() - skewMilliseconds).toISOString()
  const [taken, there] = await ctx.db.batch([
    ctx.db.execute<Row>(sql`
      insert into overflow_categories as o (guild_id, name, holder, lease_until)
      values (${guildId}, ${name}, ${holder}, ${leaseUntil}::timestamptz)
      on conflict (guild_id, name) do update
        set holder = excluded.holder, lease_until = excluded.lease_until, category_id = null, made_at = null
        where case when o.category_id is null then o.lease_until < ${now.toISOString()}::timestamptz
          else o.made_at < ${missing}::timestamptz end
      returning holder, category_id, xmax <> 0 as taken_over`),
    ctx.db.execute<Row>(sql`
      select holder, category_id, false as taken_over from overflow_categories where guild_id = ${guildId} and name = ${name}`),
  ])
  const row = taken.rows[0] ?? there.rows[0]
  if (!row) throw new AppError("conflict", `Who makes the category "${name}" has changed. It is tried again.`)
  return row
}

async function make(
  ctx: TicketContext,
  { name, holder, reason, takenOver }: { name: string; holder: string; reason: string; takenOver: boolean },
): Promise<string> {
  const { discord } = ctx.vendors
  const { guildId } = ctx.config
  const mine = sql`guild_id = ${guildId} and name = ${name} and holder = ${holder}`
  try {
    // Whoever died over it may have made it.
    const channels = takenOver ? await listGuildChannels(discord, { guildId }) : []
    const there = channels.find((each) => each.type === ChannelType.GuildCategory && each.name === name)
    const { id } =
      there ?? (await createChannel(discord, { guildId, channel: { name, type: ChannelType.GuildCategory }, reason }))
    const kept = await ctx.db.execute(sql`
      update overflow_categories set category_id = ${id}, made_at = ${ctx.now().toISOString()} where ${mine}`)
    if (kept.rowCount > 0) return id
    // Thought dead: who took it over has found this one, or made another.
    const found = await ctx.db.execute<{ category_id: string | null }>(
      sql`select category_id from overflow_categories where guild_id = ${guildId} and name = ${name}`,
    )
    const theirs = found.rows[0]?.category_id ?? null
    if (theirs !== null && theirs !== id && !there)
      await deleteChannel(discord, { channelId: id, reason: "Made twice" })
    if (theirs !== null) return theirs
    throw new AppError("conflict", `Somebody else makes the category "${name}" now.`)
  } catch (thrown) {
    // Refused, so it is not there: whoever wants it next need not wait.
    if (thrown instanceof DiscordError || thrown instanceof DiscordRateLimit)
      await ctx.db.execute(sql`delete from overflow_categories where ${mine} and category_id is null`)
    throw thrown
  }
}
