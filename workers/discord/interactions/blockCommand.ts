import { ApplicationCommandType } from "discord-api-types/v10"
import { AppError } from "../../../shared/errors.ts"
import { blockOpener } from "../../../shared/support/settings/blocks.ts"
import { asStaff } from "../asMember.ts"
import type { CommandHandler } from "../handler.ts"

/** `/block`: for who may manage tickets. */
export const blockCommand: CommandHandler = {
  name: "block",
  defer: "ephemeral",
  async finish(ctx, interaction) {
    const staff = await asStaff(ctx, interaction)
    const { data } = interaction
    const options = data.type === ApplicationCommandType.ChatInput ? (data.options ?? []) : []
    const value = (name: string) => {
      const option = options.find((each) => each.name === name)
      return option && "value" in option ? option.value : undefined
    }
    const subject = String(value("user") ?? "")
    const days = Number(value("days") ?? 0)
    const until = days > 0 ? new Date(ctx.now().getTime() + days * 86_400_000) : null
    const problems = await blockOpener(staff, { subject, reason: String(value("reason") ?? ""), until })
    if (problems) throw new AppError("bad_request", Object.values(problems).join(" "))
    return { content: `<@${subject}> opens no tickets any more${until ? `, for ${days} days` : ""}.` }
  },
}
