import { type APIOverwrite, OverwriteType } from "discord-api-types/v10"
import { sql } from "drizzle-orm"
import { textArray } from "../../db/bulk.ts"
import { getChannel, modifyChannel, setOverwrite } from "../../vendors/discord/channels.ts"
import { permissionBits } from "../../vendors/discord/permissions.ts"
import type { TicketRow } from "../carryTicket.ts"
import { memberBits } from "../place/staffPermissions.ts"
import type { TicketContext } from "../ticketContext.ts"

const writing = permissionBits("SEND_MESSAGES", "SEND_MESSAGES_IN_THREADS")

/**
 * Takes the right to write in a ticket's place from everybody but staff. In a thread nobody but who manages threads writes
 * once it is locked; in a channel everybody loses the right, and only what the roles of staff allow is left. Doing it again
 * changes nothing. False where the place is gone.
 */
export async function silencePlace(ctx: TicketContext, ticket: TicketRow): Promise<boolean> {
  return changeWriters(ctx, ticket, "silent")
}

/** Gives the right to write back to whoever was in the place. False where it is gone. */
export async function openPlaceAgain(ctx: TicketContext, ticket: TicketRow): Promise<boolean> {
  return changeWriters(ctx, ticket, "open")
}

async function changeWriters(
  ctx: TicketContext,
  { channelId, placeKind, number }: TicketRow,
  to: "silent" | "open",
): Promise<boolean> {
  const { discord } = ctx.vendors
  const channel = channelId === null ? null : await getChannel(discord, { channelId })
  if (channelId === null || channel === null) return false
  const reason = `Ticket #${number} is ${to === "silent" ? "closed" : "open again"}`
  if (placeKind === "thread") {
    const archived = "thread_metadata" in channel && channel.thread_metadata?.archived === true
    // An archived thread takes no change but to be woken, and nobody writes in it that may not wake it.
    if (to === "open") await modifyChannel(discord, { channelId, change: { archived: false, locked: false }, reason })
    else if (!archived) await modifyChannel(discord, { channelId, change: { locked: true }, reason })
    return true
  }
  const before = ("permission_overwrites" in channel && channel.permission_overwrites) || []
  const staff = await staffAmong(ctx, before)
  // Of everybody first: then nobody who is there by a role writes any more.
  const inOrder = before.toSorted((a, b) => a.type - b.type)
  for (const overwrite of inOrder) {
    const { id, type } = overwrite
    const { allow, deny } = rightsOf(overwrite, ctx.config.guildId, staff, to)
    if (allow !== BigInt(overwrite.allow) || deny !== BigInt(overwrite.deny))
      await setOverwrite(discord, { channelId, id, type, allow, deny, reason })
  }
  return true
}

function rightsOf(
  overwrite: APIOverwrite,
  guildId: string,
  staff: ReadonlySet<string>,
  to: "silent" | "open",
): { allow: bigint; deny: bigint } {
  const { id, type } = overwrite
  const allow = BigInt(overwrite.allow)
  const deny = BigInt(overwrite.deny)
  // The role of everybody has the server's id.
  if (type === OverwriteType.Role && id === guildId)
    return { allow, deny: to === "silent" ? deny | writing : deny & ~writing }
  if (type === OverwriteType.Role || staff.has(id)) return { allow, deny }
  return to === "silent" ? { allow: allow & ~writing, deny } : { allow: allow | memberBits, deny: deny & ~memberBits }
}

/** The bot, and who is on the staff by their account; who is so by their role has the right to write from that. */
async function staffAmong(ctx: TicketContext, overwrites: readonly APIOverwrite[]): Promise<Set<string>> {
  const members = overwrites.filter(({ type }) => type === OverwriteType.Member).map(({ id }) => id)
  const found = await ctx.db.execute<{ id: string }>(sql`
    select discord_user_id as id from staff where discord_user_id = any(${textArray(members)}) and disabled_at is null
    union all select value ->> 'botUserId' from settings where name = 'support' and value ->> 'botUserId' <> ''`)
  return new Set([ctx.vendors.discord.applicationId, ...found.rows.map(({ id }) => id)])
}
