import {
  type APIModalInteractionResponse,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ButtonStyle,
  ComponentType,
  InteractionResponseType,
  TextInputStyle,
} from "discord-api-types/v10"
import { createSecretBox } from "../../../shared/staff/own/secretBox.ts"
import { confirmLink } from "../../../shared/support/link/confirmLink.ts"
import { linkMinutes } from "../../../shared/support/link/linkCode.ts"
import { requestLinkCode } from "../../../shared/support/link/requestLinkCode.ts"
import { sendLinkCode } from "../../../shared/support/link/sendLinkCode.ts"
import { uuidFrom } from "../../../shared/support/uuidFrom.ts"
import { modalFields } from "../../../shared/vendors/discord/modalFields.ts"
import { nameOf, userIdOf } from "../../../shared/vendors/discord/whoActs.ts"
import type { CommandHandler, ComponentHandler, ModalHandler } from "../handler.ts"

/** `/link`: says the same whether or not the address is a customer's, whether or not mail gets there, and as soon. */
export const linkCommand: CommandHandler = {
  name: "link",
  defer: "ephemeral",
  async finish(ctx, interaction) {
    const { data } = interaction
    const option = data.type === ApplicationCommandType.ChatInput ? data.options?.[0] : undefined
    const asked = await requestLinkCode(ctx, {
      requestId: await requestIdOf(interaction),
      userId: userIdOf(interaction),
      userName: nameOf(interaction),
      email: option?.type === ApplicationCommandOptionType.String ? option.value : "",
      box: await createSecretBox(ctx.config.linkSecret),
    })
    if (!asked) return { content: "No mail can go out right now. Please ask again with /link in a few minutes." }
    return {
      content: `If a customer of ours has this address, a code is on its way there. It holds for ${linkMinutes} minutes. If none comes, check the address, or ask staff in a ticket.`,
      components: [
        {
          type: ComponentType.ActionRow,
          components: [
            {
              type: ComponentType.Button,
              style: ButtonStyle.Primary,
              label: "Enter the code",
              custom_id: "link.enter",
            },
          ],
        },
      ],
    }
  },
  afterwards: async (ctx, interaction) =>
    sendLinkCode(ctx, {
      requestId: await requestIdOf(interaction),
      box: await createSecretBox(ctx.config.linkSecret),
    }),
}

const requestIdOf = ({ id }: { id: string }) => uuidFrom(`link ${id}`)

const codeModal = (): APIModalInteractionResponse => ({
  type: InteractionResponseType.Modal,
  data: {
    custom_id: "link.code",
    title: "Link your account",
    components: [
      {
        type: ComponentType.Label,
        label: "The code from our mail",
        component: {
          type: ComponentType.TextInput,
          custom_id: "code",
          style: TextInputStyle.Short,
          min_length: 8,
          max_length: 12,
          required: true,
        },
      },
    ],
  },
})

export const linkButton: ComponentHandler = {
  name: "link.enter",
  answer: async () => codeModal(),
  unaided: codeModal,
}

export const linkForm: ModalHandler = {
  name: "link.code",
  defer: "ephemeral",
  async finish(ctx, interaction) {
    await confirmLink(ctx, {
      userId: userIdOf(interaction),
      userName: nameOf(interaction),
      code: modalFields(interaction).one("code"),
      box: await createSecretBox(ctx.config.linkSecret),
    })
    return { content: "Your account is linked. Staff see now which customer you are." }
  },
}
