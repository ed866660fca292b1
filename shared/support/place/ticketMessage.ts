import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIEmbed,
  ButtonStyle,
  ComponentType,
  type RESTPostAPIChannelMessageJSONBody,
} from "discord-api-types/v10"
import { customId } from "../../vendors/discord/customId.ts"
import type { TicketRow } from "../carryTicket.ts"
import { escapeMarkdown } from "../escapeMarkdown.ts"
import type { CategoryRow } from "../supportSetup.ts"
import { ticketName } from "./ticketNames.ts"

/** Characters of a field of an embed, and of its description; all of an embed has 6,000 at most. */
const most = { field: 800, description: 2400 }

const cut = (text: string, length: number) =>
  text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`

/** The first message in a ticket's place: what the form said, and what can be done. */
export function ticketMessage(
  ticket: TicketRow,
  category: CategoryRow | undefined,
  options: { pingRoleId: string; note: string | null; answer: string | null },
): RESTPostAPIChannelMessageJSONBody {
  const { pingRoleId, note, answer: suggested } = options
  const opener = ticket.openerId ? `<@${ticket.openerId}>` : escapeMarkdown(ticket.openerName)
  const embed: APIEmbed = {
    title: `Ticket ${ticketName(ticket.number)}: ${cut(escapeMarkdown(category?.name ?? ticket.categoryId), 80)}`,
    description: cut(escapeMarkdown(ticket.description), most.description),
    fields: ticket.answers
      .filter(({ answer }) => answer !== "")
      .map(({ question, answer }) => ({
        name: cut(escapeMarkdown(question), 256),
        value: cut(escapeMarkdown(answer), most.field),
      }))
      .concat(suggested ? [{ name: "This may help already", value: cut(suggested, most.field) }] : []),
    timestamp: ticket.openedAt.toISOString(),
  }
  return {
    content: [
      `${opener}, thank you: we have your request.${pingRoleId ? ` <@&${pingRoleId}>` : ""}`,
      ...(note ? [note] : []),
    ].join("\n"),
    embeds: [embed],
    components: ticketButtons(ticket),
    allowed_mentions: {
      parse: [],
      users: ticket.openerId ? [ticket.openerId] : [],
      roles: pingRoleId ? [pingRoleId] : [],
    },
  }
}

/** Claimed, they say by whom. */
export function ticketButtons(ticket: TicketRow): APIActionRowComponent<APIButtonComponentWithCustomId>[] {
  const button = (style: APIButtonComponentWithCustomId["style"], label: string, name: string) => ({
    type: ComponentType.Button as const,
    style,
    label: cut(label, 80),
    custom_id: customId(name, ticket.id),
  })
  const claim = ticket.claimedBy
    ? button(ButtonStyle.Secondary, `Claimed by ${ticket.claimedByLabel ?? "staff"}: let go`, "ticket.release")
    : button(ButtonStyle.Primary, "Claim", "ticket.claim")
  return [{ type: ComponentType.ActionRow, components: [claim, button(ButtonStyle.Danger, "Close", "ticket.close")] }]
}
