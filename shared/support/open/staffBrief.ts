import type { RESTPostAPIChannelMessageJSONBody } from "discord-api-types/v10"
import type { Context } from "../../context.ts"
import { createMoneyFormat } from "../../money.ts"
import type { TicketRow } from "../carryTicket.ts"
import { escapeMarkdown } from "../escapeMarkdown.ts"
import { ticketName } from "../place/ticketNames.ts"
import type { SuggestedReply } from "../suggest/suggestReplies.ts"
import type { SupportSetup } from "../supportSetup.ts"
import { type OpenerFacts, readOpenerFacts, selectOpenerFacts } from "../ticketDetail/openerFacts.ts"

const line = (label: string, text: string) => `**${label}:** ${text}`

/** What there is to know of a customer, a line each, for staff in Discord. */
export function factLines({ customer, plans, owed, mails, tickets }: OpenerFacts): string[] {
  const money = createMoneyFormat()
  const shown = (...parts: (string | null)[]) =>
    parts
      .flatMap((part) => part ?? [])
      .map(escapeMarkdown)
      .join(", ")
  return [
    ...(customer
      ? [line("Customer", shown(customer.name, customer.email, customer.stripeId)), line("Stage", customer.stage)]
      : []),
    ...plans.map(({ status, products }) => line("Plan", `${escapeMarkdown(products || "unknown")} (${status})`)),
    ...(owed.length > 0 ? [line("Owes", owed.map(({ currency, amount }) => money(amount, currency)).join(", "))] : []),
    ...mails
      .slice(0, 3)
      .map(({ subject, status, delivery }) => line("Mail", `${escapeMarkdown(subject)} (${delivery ?? status})`)),
    ...tickets
      .slice(0, 5)
      .map(({ number, subject, status }) => line(ticketName(number), `${escapeMarkdown(subject)} (${status})`)),
  ]
}

/** Everything about the customer that staff need before they answer, for the thread that only they see. */
export async function staffBrief(
  ctx: Context,
  ticket: TicketRow,
  setup: SupportSetup,
  replies: SuggestedReply[],
): Promise<RESTPostAPIChannelMessageJSONBody> {
  const facts = readOpenerFacts(await ctx.db.batch([...selectOpenerFacts(ctx.db, ticket.id, ctx.now())]))
  const suggested = setup.categories.find(({ id }) => id === ticket.suggestedCategoryId)
  const lines = [
    `Notes for ${ticketName(ticket.number)}. Only staff see this thread; what is written here is kept as internal.`,
    ...(facts.customer ? [] : [line("Customer", "not linked. Ask them to run /link with their e-mail address.")]),
    ...factLines(facts),
    ...(suggested && suggested.id !== ticket.categoryId ? [line("Reads like", escapeMarkdown(suggested.name))] : []),
    ...(ticket.suggestedPriority && ticket.suggestedPriority !== ticket.priority
      ? [line("Reads as", `${ticket.suggestedPriority}; its priority is ${ticket.priority}`)]
      : []),
    ...(replies.length > 0
      ? [line("Replies that may fit", replies.map(({ name }) => escapeMarkdown(name)).join(", "))]
      : []),
  ]
  return { content: lines.join("\n").slice(0, 2000).toWellFormed() }
}
