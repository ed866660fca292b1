import {
  type APIModalInteractionResponse,
  ApplicationCommandOptionType,
  ComponentType,
  InteractionResponseType,
  MessageFlags,
  TextInputStyle,
} from "discord-api-types/v10"
import { sql } from "drizzle-orm"
import { AppError } from "../../shared/errors.ts"
import { getChannel } from "../../shared/vendors/discord/channels.ts"
import { readCustomId } from "../../shared/vendors/discord/customId.ts"
import type { DiscordContext } from "../../workers/discord/discordContext.ts"
import { discordWorker } from "../../workers/discord/discordWorker.ts"

const lookUp = (ctx: DiscordContext) => ctx.db.execute(sql`select 1`)
const argOf = (customId: string) => readCustomId(customId).args[0] ?? ""

const emptyForm = (custom_id: string): APIModalInteractionResponse => ({
  type: InteractionResponseType.Modal,
  data: { custom_id, title: "Form", components: [] },
})

/** The discord Worker with handlers that do no more than show that they were called. */
export default discordWorker({
  commands: [
    {
      name: "echo",
      async answer(ctx, { data }) {
        await lookUp(ctx)
        const content = `${data.name} by ${ctx.actor.kind === "discord" ? ctx.actor.userId : "nobody"}`
        return {
          type: InteractionResponseType.ChannelMessageWithSource,
          data: { content, flags: MessageFlags.Ephemeral },
        }
      },
    },
    {
      name: "later",
      defer: "ephemeral",
      async finish(ctx) {
        await lookUp(ctx)
        return { content: "done" }
      },
    },
  ],
  autocompletes: [
    {
      name: "echo",
      async answer(ctx, { data }) {
        await lookUp(ctx)
        const [option] = data.options
        const value = option?.type === ApplicationCommandOptionType.String ? option.value : ""
        return {
          type: InteractionResponseType.ApplicationCommandAutocompleteResult,
          data: { choices: [{ name: value, value }] },
        }
      },
    },
  ],
  components: [
    {
      name: "modal",
      async answer(ctx, { data }) {
        await lookUp(ctx)
        return {
          type: InteractionResponseType.Modal,
          data: {
            custom_id: `form:${argOf(data.custom_id)}`,
            title: "Form",
            components: [
              {
                type: ComponentType.Label,
                label: "What is it about?",
                component: { type: ComponentType.TextInput, custom_id: "text", style: TextInputStyle.Paragraph },
              },
            ],
          },
        }
      },
    },
    {
      name: "form-at-once",
      async answer(ctx, { data }) {
        await lookUp(ctx)
        return emptyForm(`aided:${argOf(data.custom_id)}`)
      },
      unaided: ({ data }) => emptyForm(`unaided:${argOf(data.custom_id)}`),
    },
    {
      name: "fails",
      async answer(ctx, { data }) {
        await lookUp(ctx)
        if (argOf(data.custom_id) === "clearly") throw new AppError("conflict", "You have a ticket already.")
        throw new Error("secret detail")
      },
    },
    {
      name: "update",
      defer: "update",
      async finish(ctx, { data }) {
        await lookUp(ctx)
        if (argOf(data.custom_id) === "fails") throw new Error("secret detail")
        return argOf(data.custom_id) === "nothing" ? null : { content: "changed" }
      },
    },
  ],
  modals: [
    {
      name: "wish",
      defer: "ephemeral",
      insists: true,
      async finish(ctx, { data }) {
        await lookUp(ctx)
        if (argOf(data.custom_id) === "clearly") throw new AppError("conflict", "You have a ticket already.")
        return { content: `wish ${argOf(data.custom_id)}` }
      },
    },
    {
      name: "form",
      defer: "ephemeral",
      async finish(ctx, { data }) {
        await lookUp(ctx)
        if (argOf(data.custom_id) === "clearly") throw new AppError("conflict", "You have a ticket already.")
        if (argOf(data.custom_id) === "badly") throw new Error("secret detail")
        if (argOf(data.custom_id) === "asks") await getChannel(ctx.vendors.discord, { channelId: "100000000000000010" })
        return { content: `form ${argOf(data.custom_id)}` }
      },
    },
  ],
})
