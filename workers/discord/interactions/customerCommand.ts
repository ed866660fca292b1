import { ApplicationCommandOptionType, ApplicationCommandType, InteractionResponseType } from "discord-api-types/v10"
import { searchCustomers } from "../../../shared/customers/searchCustomers.ts"
import { isUuid } from "../../../shared/db/isUuid.ts"
import { AppError } from "../../../shared/errors.ts"
import { customerLines } from "../../../shared/support/open/customerLines.ts"
import { asStaff } from "../asMember.ts"
import type { AutocompleteHandler, CommandHandler } from "../handler.ts"

/** `/customer`: what we know of somebody, for staff alone. */
export const customerCommand: CommandHandler = {
  name: "customer",
  defer: "ephemeral",
  async finish(ctx, interaction) {
    const staff = await asStaff(ctx, interaction)
    const { data } = interaction
    const option = data.type === ApplicationCommandType.ChatInput ? data.options?.[0] : undefined
    const who = option?.type === ApplicationCommandOptionType.String ? option.value : ""
    const [found] = isUuid(who) ? [{ id: who }] : await searchCustomers(staff, who)
    if (!found) throw new AppError("not_found", `Nobody is found by "${who.slice(0, 100)}".`)
    const lines = await customerLines(staff, { id: found.id })
    return { content: lines.join("\n").slice(0, 2000).toWellFormed(), allowed_mentions: { parse: [] } }
  },
}

export const customerChoices: AutocompleteHandler = {
  name: "customer",
  async answer(ctx, interaction) {
    const [option] = interaction.data.options
    const typed = option?.type === ApplicationCommandOptionType.String ? option.value : ""
    const staff = await asStaff(ctx, interaction).catch(() => null)
    const found = staff && typed.trim().length >= 3 ? await searchCustomers(staff, typed.trim()) : []
    const choices = found.map(({ id, name, email }) => ({
      name: ([name, email].flatMap((part) => part ?? []).join(", ") || id).slice(0, 100),
      value: id,
    }))
    return { type: InteractionResponseType.ApplicationCommandAutocompleteResult, data: { choices } }
  },
}
