import { ApplicationCommandOptionType, ApplicationCommandType, InteractionResponseType } from "discord-api-types/v10"
import { type FoundCustomer, searchCustomers } from "../../../shared/customers/searchCustomers.ts"
import { isUuid } from "../../../shared/db/isUuid.ts"
import { AppError } from "../../../shared/errors.ts"
import { escapeMarkdown } from "../../../shared/support/escapeMarkdown.ts"
import { customerLines } from "../../../shared/support/open/customerLines.ts"
import { asStaff, readFor } from "../asMember.ts"
import { choicesOf } from "../choicesOf.ts"
import type { DiscordContext } from "../discordContext.ts"
import type { AutocompleteHandler, CommandHandler } from "../handler.ts"

/** `/customer`: what we know of somebody, for staff alone. */
export const customerCommand: CommandHandler = {
  name: "customer",
  defer: "ephemeral",
  async finish(ctx, interaction) {
    const staff = await asStaff(ctx, interaction)
    const { data } = interaction
    const option = data.type === ApplicationCommandType.ChatInput ? data.options?.[0] : undefined
    const who = option?.type === ApplicationCommandOptionType.String ? option.value.trim() : ""
    const lines = isUuid(who) ? await customerLines(staff, { id: who }) : await found(staff, who)
    return { content: lines.join("\n").slice(0, 2000).toWellFormed(), allowed_mentions: { parse: [] } }
  },
}

/** What we know of whom a search finds; of several, which they are. Whose address or id it is to the letter is meant. */
async function found(staff: DiscordContext, who: string): Promise<string[]> {
  const all = await searchCustomers(staff, who)
  const exact = all.filter(({ email, stripeId }) =>
    [email, stripeId].some((each) => each?.toLowerCase() === who.toLowerCase()),
  )
  const [only, ...others] = exact.length > 0 ? exact : all
  if (!only) throw new AppError("not_found", `Nobody is found by "${who.slice(0, 100)}".`)
  if (others.length === 0) return customerLines(staff, { id: only.id })
  return [
    "Several are found. Choose one while you type, or use an address or an id:",
    ...[only, ...others].map((each) => `- ${partsOf(each).map(escapeMarkdown).join(", ")}`),
  ]
}

const partsOf = ({ id, name, email, stripeId }: FoundCustomer): string[] => {
  const parts = [name, email, stripeId].flatMap((part) => part || [])
  return parts.length > 0 ? parts : [id]
}

export const customerChoices: AutocompleteHandler = {
  name: "customer",
  async answer(ctx, interaction) {
    const [option] = interaction.data.options
    const typed = option?.type === ApplicationCommandOptionType.String ? option.value : ""
    const all = await readFor(ctx, interaction, "customers:read", (reader) => searchCustomers(reader, typed))
    const choices = choicesOf(all.map((each) => ({ id: each.id, name: partsOf(each).join(", ") })))
    return { type: InteractionResponseType.ApplicationCommandAutocompleteResult, data: { choices } }
  },
}
