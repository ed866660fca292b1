import {
  type APIModalInteractionResponse,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ButtonStyle,
  ComponentType,
  InteractionResponseType,
  TextInputStyle,
} from "discord-api-types/v10"
import { AppError } from "../../../shared/errors.ts"
import { createSecretBox } from "../../../shared/staff/own/secretBox.ts"
import { confirmLink } from "../../../shared/support/link/confirmLink.ts"
import { linkFailure, linkFailureTexts } from "../../../shared/support/link/linkFailure.ts"
import { linkMinutes, requestLinkCode } from "../../../shared/support/link/requestLinkCode.ts"
import { uuidFrom } from "../../../shared/support/uuidFrom.ts"
import { modalFields } from "../../../shared/vendors/discord/modalFields.ts"
import { nameOf, userIdOf } from "../../../shared/vendors/discord/whoActs.ts"
import type { CommandHandler, ComponentHandler, ModalHandler } from "../handler.ts"

/** `/link`: says the same whether or not the address is a customer's, unless no mail can go there. */
export const linkCommand: CommandHandler = {
  name: "link",
  defer: "ephemeral",
  async finish(ctx, interaction) {
    const { data } = interaction
    const option = data.type === ApplicationCommandType.ChatInput ? data.options?.[0] : undefined
    const failure = await requestLinkCode(ctx, {
      requestId: await uuidFrom(`link ${interaction.id}`),
      userId: userIdOf(interaction),
      userName: nameOf(interaction),
      email: option?.type === ApplicationCommandOptionType.String ? option.value : "",
      box: await createSecretBox(ctx.config.linkSecret),
    })
    if (failure && failure !== "unsure") return { content: linkFailureTexts[failure] }
    return {
      content: failure
        ? linkFailureTexts[failure]
        : `If a customer of ours has this address, a code is on its way there. It holds for ${linkMinutes} minutes.`,
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
}

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

/** Whoever waits for a mail that has come back meanwhile is told so. */
export const linkButton: ComponentHandler = {
  name: "link.enter",
  async answer(ctx, interaction) {
    const failure = await linkFailure(ctx, { userId: userIdOf(interaction) })
    if (failure) throw new AppError("conflict", linkFailureTexts[failure])
    return codeModal()
  },
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
