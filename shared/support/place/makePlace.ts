import { ChannelType, OverwriteType } from "discord-api-types/v10"
import { AppError } from "../../errors.ts"
import { notifyStaff } from "../../staff/notifyStaff.ts"
import { createChannel, setOverwrite } from "../../vendors/discord/channels.ts"
import { DiscordError } from "../../vendors/discord/discordError.ts"
import { listGuildChannels } from "../../vendors/discord/guild.ts"
import { permissionBits } from "../../vendors/discord/permissions.ts"
import { addThreadMember, createPrivateThread } from "../../vendors/discord/threads.ts"
import type { TicketRow } from "../carryTicket.ts"
import { openPlaceAgain } from "../close/silencePlace.ts"
import type { SupportSetup } from "../supportSetup.ts"
import type { TicketContext } from "../ticketContext.ts"
import { chooseParent, type ListedChannel } from "./chooseParent.ts"
import { findThread } from "./findThread.ts"
import { overflowCategory } from "./overflowCategory.ts"
import { placeRefused } from "./placeRefused.ts"
import { botBits, memberBits, staffBits } from "./staffPermissions.ts"
import { channelName, threadName, ticketName, topicMarker } from "./ticketNames.ts"

export interface Place {
  kind: "channel" | "thread"
  channelId: string
}

/** Nobody sees a ticket who is not let in, and whoever is begins no thread in it: what is said there is not kept. */
const everybodyDenied = permissionBits("VIEW_CHANNEL", "CREATE_PRIVATE_THREADS")
const missingPermissions = 50013

/** Maximum number of channels in the server, or in the category, reached. */
const full = [30013, 50035]

/**
 * A private channel for the ticket, or a private thread of the panel's channel where the settings say so or the server
 * holds no more channels. One that was made before and not written down is taken instead: nothing is made twice.
 */
export async function makePlace(ctx: TicketContext, ticket: TicketRow, setup: SupportSetup): Promise<Place> {
  const { support } = setup.settings
  const found = ticket.attempts > 1 ? await findPlace(ctx, ticket, support) : null
  if (found) return found
  if (support.place === "channel") {
    const made = await makeChannel(ctx, ticket, setup)
    if (typeof made === "object") return { kind: "channel", ...made }
    if (support.panelChannelId === "")
      throw new AppError("misconfigured", `${noChannel[made]} No channel for threads is set either.`)
    if (made === "gone") await tellGone(ctx)
  }
  if (support.panelChannelId === "") throw new AppError("misconfigured", "No channel for threads is set.")
  const thread = await createPrivateThread(ctx.vendors.discord, {
    channelId: support.panelChannelId,
    name: threadName(ticket.number, ticket.openerName),
    archiveAfterMinutes: 10_080,
    reason: `Ticket ${ticketName(ticket.number)}`,
  })
  return { kind: "thread", channelId: thread.id }
}

/** A place that was made for the ticket, whether or not it was written down. */
export async function findPlace(
  ctx: TicketContext,
  ticket: TicketRow,
  { panelChannelId: parentId, botUserId }: SupportSetup["settings"]["support"],
): Promise<Place | null> {
  const { discord } = ctx.vendors
  const { guildId } = ctx.config
  const channels: ListedChannel[] = await listGuildChannels(discord, { guildId })
  const channel = channels.find(({ topic }) => topic?.includes(topicMarker(ticket.id)))
  if (channel) return { kind: "channel", channelId: channel.id }
  const name = threadName(ticket.number, ticket.openerName)
  const thread = await findThread(ctx, { parentId, name, botUserId })
  return thread ? { kind: "thread", channelId: thread } : null
}

const noChannel = {
  full: "The server holds no more channels.",
  gone: "All categories for channels of tickets are gone from the server: run the set-up of Discord.",
}

const tellGone = (ctx: TicketContext) =>
  ctx.db.execute(
    notifyStaff(ctx, {
      key: `ticket-parents:${ctx.now().toISOString().slice(0, 10)}`,
      message: `${noChannel.gone} Until then tickets are threads.`,
    }),
  )

/** Or why there can be none. What fills up meanwhile gives way to the next. */
async function makeChannel(
  ctx: TicketContext,
  ticket: TicketRow,
  setup: SupportSetup,
): Promise<{ channelId: string } | "full" | "gone"> {
  for (let attempt = 0; attempt < 4; attempt++) {
    const made = await makeChannelOnce(ctx, ticket, setup)
    if (made !== "category full") return made
  }
  return "full"
}

async function makeChannelOnce(
  ctx: TicketContext,
  ticket: TicketRow,
  setup: SupportSetup,
): Promise<{ channelId: string } | "category full" | "full" | "gone"> {
  const { discord } = ctx.vendors
  const { guildId } = ctx.config
  const { support } = setup.settings
  const listedAt = ctx.now()
  const channels: ListedChannel[] = await listGuildChannels(discord, { guildId })
  const category = setup.categories.find(({ id }) => id === ticket.categoryId)
  const ownParent = category?.parentId
  // Whoever is pinged must see it.
  const staffRoles = new Set([support.staffRoleId, category?.roleId ?? ""].filter((role) => role !== ""))
  const parent = chooseParent(channels, [...(ownParent ? [ownParent] : []), ...support.parentIds])
  if (parent.kind === "full" || parent.kind === "gone") return parent.kind
  const reason = `Ticket ${ticketName(ticket.number)}`
  try {
    const parentId =
      parent.kind === "there" ? parent.id : await overflowCategory(ctx, { name: parent.name, listedAt, reason })
    const overwrite = (id: string, type: OverwriteType, allow: bigint) => ({
      id,
      type,
      allow: String(allow),
      deny: "0",
    })
    const create = (denied: bigint) =>
      createChannel(discord, {
        guildId,
        reason,
        channel: {
          name: channelName(ticket.number, ticket.openerName),
          type: ChannelType.GuildText,
          topic: `${reason} · ${topicMarker(ticket.id)}`,
          parent_id: parentId,
          permission_overwrites: [
            { id: guildId, type: OverwriteType.Role, allow: "0", deny: String(denied) },
            ...[...staffRoles].map((role) => overwrite(role, OverwriteType.Role, staffBits)),
            overwrite(support.botUserId || discord.applicationId, OverwriteType.Member, botBits),
            ...(ticket.openerId ? [overwrite(ticket.openerId, OverwriteType.Member, memberBits)] : []),
          ],
        },
      })
    try {
      return { channelId: (await create(everybodyDenied | permissionBits("CREATE_PUBLIC_THREADS"))).id }
    } catch (thrown) {
      // Nobody takes from others what they lack themselves, and where the bot does, most people do.
      if (!(thrown instanceof DiscordError && thrown.discordCode === missingPermissions)) throw thrown
      return { channelId: (await create(everybodyDenied)).id }
    }
  } catch (thrown) {
    if (
      !(thrown instanceof DiscordError && full.includes(thrown.discordCode) && /maximum number/i.test(thrown.message))
    )
      throw placeRefused(thrown, {
        category: category?.name ?? ticket.categoryId,
        parent: parent.kind === "new" ? parent.name : (channels.find(({ id }) => id === parent.id)?.name ?? parent.id),
        ownRole: Boolean(category?.roleId),
      })
    return thrown.discordCode === 30013 ? "full" : "category full"
  }
}

/**
 * Lets the opener into a thread; into a channel their overwrite lets them. Who was in a place that closing had made silent may
 * write there again. False where the opener has left the server.
 */
export async function letOpenerIn(ctx: TicketContext, ticket: TicketRow, place: Place): Promise<boolean> {
  const { channelId } = place
  if (!ticket.openerId || (place.kind === "channel" && !ticket.reopenedAt)) return true
  try {
    if (ticket.reopenedAt) await openPlaceAgain(ctx, { ...ticket, channelId, placeKind: place.kind })
    if (place.kind === "channel") {
      const everybody = { type: OverwriteType.Member, allow: memberBits, deny: 0n }
      await setOverwrite(ctx.vendors.discord, { channelId, id: ticket.openerId, ...everybody })
      return true
    }
    await addThreadMember(ctx.vendors.discord, { threadId: channelId, userId: ticket.openerId })
    return true
  } catch (thrown) {
    // Unknown member, unknown user.
    if (thrown instanceof DiscordError && [10007, 10013].includes(thrown.discordCode)) return false
    throw thrown
  }
}
