import {
  type APIApplicationCommandInteraction,
  type APIApplicationCommandInteractionDataOption,
  ApplicationCommandType,
  InteractionResponseType,
  type InteractionType,
} from "discord-api-types/v10"
import { priorities } from "../../../shared/db/schema/support.ts"
import { AppError } from "../../../shared/errors.ts"
import { actorName } from "../../../shared/staff/actorName.ts"
import { isPermitted } from "../../../shared/staff/requirePermission.ts"
import { carryTicket } from "../../../shared/support/carryTicket.ts"
import { escapeMarkdown } from "../../../shared/support/escapeMarkdown.ts"
import { keepable } from "../../../shared/support/keepable.ts"
import { loadMember } from "../../../shared/support/loadMember.ts"
import { askToClose } from "../../../shared/support/members/askToClose.ts"
import { changeMember } from "../../../shared/support/members/changeMember.ts"
import { tellInTicket } from "../../../shared/support/members/tellInTicket.ts"
import { ticketOfChannel } from "../../../shared/support/members/ticketOfChannel.ts"
import { showClaim } from "../../../shared/support/place/showClaim.ts"
import { deliverReply } from "../../../shared/support/reply/deliverReply.ts"
import { cannedReplyNames } from "../../../shared/support/settings/cannedReplyNames.ts"
import { shownName } from "../../../shared/support/shownName.ts"
import { loadSupport } from "../../../shared/support/supportSetup.ts"
import { cannedReply } from "../../../shared/support/ticketDetail/cannedReply.ts"
import { replyToTicket } from "../../../shared/support/ticketDetail/replyToTicket.ts"
import { uuidFrom } from "../../../shared/support/uuidFrom.ts"
import { claimTicket, releaseTicket, transferTicket } from "../../../shared/support/work/claimTicket.ts"
import { closeTicket } from "../../../shared/support/work/closeTicket.ts"
import { setTicketCategory, setTicketPriority } from "../../../shared/support/work/sortTicket.ts"
import { userIdOf } from "../../../shared/vendors/discord/whoActs.ts"
import { asStaff, readFor } from "../asMember.ts"
import { choicesOf } from "../choicesOf.ts"
import type { DiscordContext } from "../discordContext.ts"
import type { AutocompleteHandler, CommandHandler, EditedAnswer } from "../handler.ts"
import { refusalInWords } from "../refusalInWords.ts"

type Option<Kind extends InteractionType> = APIApplicationCommandInteractionDataOption<Kind>

/** Of Discord. */
const longestOption = 6000

/** The subcommand with the values of its options, by name. */
function subcommandOf<Kind extends InteractionType>(options: Option<Kind>[] | undefined) {
  const [sub] = options ?? []
  const inside = sub && "options" in sub ? (sub.options ?? []) : []
  const values = new Map(
    inside.flatMap((option) =>
      "value" in option ? [[option.name, keepable(String(option.value), longestOption)] as const] : [],
    ),
  )
  const focused = inside.find((option) => "focused" in option && option.focused)
  return { name: sub?.name ?? "", value: (name: string) => values.get(name) ?? "", focused: focused?.name ?? "" }
}

/** `/ticket …` in the channel of a ticket, or in its staff thread. */
export const ticketCommand: CommandHandler = {
  name: "ticket",
  defer: "ephemeral",
  async finish(ctx, interaction) {
    try {
      return await work(ctx, interaction)
    } catch (thrown) {
      throw refusalInWords(thrown)
    }
  },
}

async function work(ctx: DiscordContext, interaction: APIApplicationCommandInteraction): Promise<EditedAnswer> {
  const staff = await asStaff(ctx, interaction)
  const { data } = interaction
  if (data.type !== ApplicationCommandType.ChatInput) throw new AppError("bad_request", "This is no such command.")
  const ticket = await ticketOfChannel(ctx, { channelId: interaction.channel.id })
  const { id, number } = ticket
  const { name, value } = subcommandOf(data.options)
  const userId = value("user")
  const user = data.resolved?.users?.[userId]
  const userName = user?.global_name ?? user?.username ?? userId
  const once = interaction.id
  const messageId = await uuidFrom(`reply ${interaction.id}`)
  switch (name) {
    case "claim":
      await claimTicket(staff, { id, once })
      await showClaim(ctx, { id })
      return { content: `You have claimed ticket #${number}.` }
    case "release":
      await releaseTicket(staff, { id, once })
      await showClaim(ctx, { id })
      return { content: `Nobody has claimed ticket #${number} any more.` }
    case "transfer": {
      const roles = data.resolved?.members?.[userId]?.roles ?? []
      const taker = await loadMember(ctx, { userId, name: userName, roles })
      if (!isPermitted(taker, "tickets:write"))
        throw new AppError("bad_request", `<@${userId}> is not on the staff, or may not answer tickets.`)
      await transferTicket(staff, { id, to: actorName(taker), label: shownName(taker) ?? userName, once })
      await showClaim(ctx, { id })
      const { claimedBy } = await ticketOfChannel(ctx, { channelId: interaction.channel.id })
      if (claimedBy !== actorName(taker)) return { content: `Ticket #${number} is somebody else's by now.` }
      if (userId !== userIdOf(interaction)) {
        const given = `<@${userIdOf(interaction)}> has given this ticket to you.`
        await tellInTicket(
          ctx,
          { ...ticket, claimedBy: `discord:${userId}` },
          { nonce: `given-${interaction.id}`, content: given },
        )
      }
      return { content: `Ticket #${number} is <@${userId}>'s now.` }
    }
    case "add":
    case "remove":
      if (name === "add" && !data.resolved?.members?.[userId])
        throw new AppError("bad_request", `<@${userId}> is not in this server.`)
      await changeMember({ ...ctx, actor: staff.actor }, { id, userId, userName, change: name, once })
      return {
        content: name === "add" ? `<@${userId}> is in this ticket now.` : `<@${userId}> is out of this ticket.`,
      }
    case "priority": {
      const priority = priorities.find((each) => each === value("level"))
      if (!priority) throw new AppError("bad_request", `A priority is one of ${priorities.join(", ")}.`)
      await setTicketPriority(staff, { id, priority, once })
      return { content: `The priority is ${priority} now.` }
    }
    case "category":
      await setTicketCategory(staff, { id, categoryId: value("name"), once })
      await showClaim(ctx, { id })
      return { content: "The category is changed." }
    case "note":
      await replyToTicket(staff, { messageId, ticketId: id, content: value("text"), internal: true })
      await deliverReply(ctx, { id: messageId })
      return { content: "The note is kept; only staff see it." }
    case "reply": {
      const content = await cannedReply(staff, { ticketId: id, replyId: value("name"), plain: escapeMarkdown })
      await replyToTicket(staff, { messageId, ticketId: id, content, internal: false })
      const outcome = await deliverReply(ctx, { id: messageId })
      if (outcome === "sent") return { content: "The reply is sent." }
      if (outcome === null) return { content: "The reply is kept, and on its way." }
      return {
        content:
          "The reply is kept, but Discord does not take it right now. The ticket's page says why, and tries it again.",
      }
    }
    case "close":
      await closeTicket(staff, { id, reason: value("reason"), once })
      await carryTicket(ctx, { id })
      return { content: `Ticket #${number} is closed.` }
    case "ask-close":
      await askToClose({ ...ctx, actor: staff.actor }, { id, once })
      return { content: "Whoever opened it is asked." }
    default:
      throw new AppError("bad_request", `There is no "/ticket ${name}".`)
  }
}

/** Categories and canned replies by what is typed of their names. */
export const ticketChoices: AutocompleteHandler = {
  name: "ticket",
  async answer(ctx, interaction) {
    const { name, value, focused } = subcommandOf(interaction.data.options)
    const typed = value(focused).toLowerCase()
    const all = await readFor(ctx, interaction, "tickets:read", async (reader) =>
      name === "reply"
        ? cannedReplyNames(reader)
        : (await loadSupport(reader)).categories.filter(({ enabled }) => enabled),
    )
    const choices = choicesOf(all.filter((each) => each.name.toLowerCase().includes(typed)))
    return { type: InteractionResponseType.ApplicationCommandAutocompleteResult, data: { choices } }
  },
}
