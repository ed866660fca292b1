import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIEmbed,
  type APIEmbedField,
  ButtonStyle,
  ComponentType,
  type RESTPostAPIChannelMessageJSONBody,
} from "discord-api-types/v10"
import { customId } from "../../vendors/discord/customId.ts"
import type { TicketRow } from "../carryTicket.ts"
import { escapeMarkdown } from "../escapeMarkdown.ts"
import { questionsButton } from "../open/questionsButton.ts"
import { unanswered } from "../open/unanswered.ts"
import type { CategoryRow } from "../supportSetup.ts"
import { escapedWithin } from "./escapedWithin.ts"
import { ticketName } from "./ticketNames.ts"

/** Characters of an embed: https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const most = { name: 256, field: 1024, description: 4096, all: 6000 }
/** What somebody wrote has so much of them, whatever else there is. */
const leastDescription = 2400

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
  const title = `Ticket ${ticketName(ticket.number)}: ${cut(escapeMarkdown(category?.name ?? ticket.categoryId), 80)}`
  const fields = fieldsOf(ticket, suggested, most.all - title.length - leastDescription)
  const room = most.all - title.length - lengthOf(fields)
  const embed: APIEmbed = {
    title,
    description: escapedWithin(ticket.description, Math.min(most.description, room)),
    fields,
    timestamp: ticket.openedAt.toISOString(),
  }
  return {
    content: [
      `${opener}, thank you: we have your request.${pingRoleId ? ` <@&${pingRoleId}>` : ""}`,
      ...(note ? [note] : []),
    ].join("\n"),
    embeds: [embed],
    components: ticketButtons(ticket, category),
    allowed_mentions: {
      parse: [],
      users: ticket.openerId ? [ticket.openerId] : [],
      roles: pingRoleId ? [pingRoleId] : [],
    },
  }
}

/** What else the form said, and what may help already, together within `room` characters. */
function fieldsOf({ answers }: TicketRow, suggested: string | null, room: number): APIEmbedField[] {
  const given = answers.filter(({ answer }) => answer !== "")
  const each = Math.floor(room / (given.length + (suggested ? 1 : 0)))
  const fieldOf = (name: string, write: (length: number) => string) => ({
    name,
    value: write(Math.min(most.field, each - name.length)),
  })
  return [
    ...given.map(({ question, answer }) =>
      fieldOf(cut(escapeMarkdown(question), most.name), (length) => escapedWithin(answer, length)),
    ),
    ...(suggested ? [fieldOf("This may help already", (length) => cut(suggested, length))] : []),
  ]
}

const lengthOf = (fields: readonly APIEmbedField[]): number =>
  fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0)

/** Claimed, they say by whom; what the category asks and nobody has answered is asked of the opener. */
export function ticketButtons(
  ticket: TicketRow,
  category: CategoryRow | undefined,
): APIActionRowComponent<APIButtonComponentWithCustomId>[] {
  const button = (style: APIButtonComponentWithCustomId["style"], label: string, name: string) => ({
    type: ComponentType.Button as const,
    style,
    label: cut(label, 80),
    custom_id: customId(name, ticket.id),
  })
  const claim = ticket.claimedBy
    ? button(ButtonStyle.Secondary, `Claimed by ${ticket.claimedByLabel ?? "staff"}: let go`, "ticket.release")
    : button(ButtonStyle.Primary, "Claim", "ticket.claim")
  const questions = unanswered(ticket, category)
  return [
    {
      type: ComponentType.ActionRow,
      components: [
        claim,
        button(ButtonStyle.Danger, "Close", "ticket.close"),
        ...(questions.length > 0 ? [questionsButton(ticket.id, questions.length)] : []),
      ],
    },
  ]
}
