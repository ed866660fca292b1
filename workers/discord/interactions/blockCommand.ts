import { type APIApplicationCommandInteraction, ApplicationCommandType } from "discord-api-types/v10"
import { AppError } from "../../../shared/errors.ts"
import { snowflakeTime } from "../../../shared/support/capture/snowflake.ts"
import { blockOpener, unblockOpener } from "../../../shared/support/settings/blocks.ts"
import { asStaff } from "../asMember.ts"
import type { CommandHandler } from "../handler.ts"

/** The value of an option of a command without subcommands. */
function optionOf({ data }: APIApplicationCommandInteraction, name: string): string | number | boolean | undefined {
  const options = data.type === ApplicationCommandType.ChatInput ? (data.options ?? []) : []
  const option = options.find((each) => each.name === name)
  return option && "value" in option ? option.value : undefined
}

/** `/block`: for who may manage tickets. */
export const blockCommand: CommandHandler = {
  name: "block",
  defer: "ephemeral",
  async finish(ctx, interaction) {
    const staff = await asStaff(ctx, interaction)
    const subject = String(optionOf(interaction, "user") ?? "")
    const days = Number(optionOf(interaction, "days") ?? 0)
    // From when it was said, also where it is done again after a death.
    const until = days > 0 ? new Date(snowflakeTime(interaction.id).getTime() + days * 86_400_000) : null
    const reason = String(optionOf(interaction, "reason") ?? "")
    const problems = await blockOpener(staff, { subject, reason, until })
    if (problems) throw new AppError("bad_request", Object.values(problems).join(" "))
    return { content: `<@${subject}> opens no tickets any more${until ? `, for ${days} days` : ""}.` }
  },
}

export const unblockCommand: CommandHandler = {
  name: "unblock",
  defer: "ephemeral",
  async finish(ctx, interaction) {
    const subject = String(optionOf(interaction, "user") ?? "")
    await unblockOpener(await asStaff(ctx, interaction), { subject })
    return { content: `<@${subject}> may open tickets again.` }
  },
}
