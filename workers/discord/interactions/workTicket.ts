import {
  type APIMessageComponentInteraction,
  type APIModalInteractionResponse,
  ComponentType,
  InteractionResponseType,
  TextInputStyle,
} from "discord-api-types/v10"
import { isUuid } from "../../../shared/db/isUuid.ts"
import { AppError } from "../../../shared/errors.ts"
import { carryTicket } from "../../../shared/support/carryTicket.ts"
import { showClaim } from "../../../shared/support/place/showClaim.ts"
import { claimTicket, releaseTicket } from "../../../shared/support/work/claimTicket.ts"
import { closeTicket } from "../../../shared/support/work/closeTicket.ts"
import { declineClosing } from "../../../shared/support/work/declineClosing.ts"
import { rateTicket } from "../../../shared/support/work/rateTicket.ts"
import { reopenTicket } from "../../../shared/support/work/reopenTicket.ts"
import { customId, readCustomId } from "../../../shared/vendors/discord/customId.ts"
import { modalFields } from "../../../shared/vendors/discord/modalFields.ts"
import { asMember, asStaff } from "../asMember.ts"
import type { ComponentHandler, ModalHandler } from "../handler.ts"

/** What a custom id of ours is about. Throws `bad_request` where it is none. */
function argsOf(id: string): [ticketId: string, ...more: string[]] {
  const [ticketId, ...more] = readCustomId(id).args
  if (!ticketId || !isUuid(ticketId)) throw new AppError("bad_request", "This button is not one of ours.")
  return [ticketId, ...more]
}

export const claimButton: ComponentHandler = {
  name: "ticket.claim",
  defer: "update",
  async finish(ctx, interaction) {
    const [id] = argsOf(interaction.data.custom_id)
    const staff = await asStaff(ctx, interaction)
    await claimTicket(staff, { id, once: interaction.id })
    await showClaim(ctx, { id })
    return null
  },
}

export const releaseButton: ComponentHandler = {
  name: "ticket.release",
  defer: "update",
  async finish(ctx, interaction) {
    const [id] = argsOf(interaction.data.custom_id)
    await releaseTicket(await asStaff(ctx, interaction), { id, once: interaction.id })
    await showClaim(ctx, { id })
    return null
  },
}

/** Asks why, whoever closes it. */
function closeModal({ data }: Pick<APIMessageComponentInteraction, "data">): APIModalInteractionResponse {
  const [id] = argsOf(data.custom_id)
  return {
    type: InteractionResponseType.Modal,
    data: {
      custom_id: customId("ticket.closing", id),
      title: "Close this ticket",
      components: [
        {
          type: ComponentType.Label,
          label: "Why is it closed?",
          component: {
            type: ComponentType.TextInput,
            custom_id: "reason",
            style: TextInputStyle.Short,
            max_length: 500,
            required: true,
            value: "Solved",
          },
        },
      ],
    },
  }
}

export const closeButton: ComponentHandler = {
  name: "ticket.close",
  answer: async (_ctx, interaction) => closeModal(interaction),
  unaided: closeModal,
}

export const closeForm: ModalHandler = {
  name: "ticket.closing",
  defer: "ephemeral",
  insists: true,
  async finish(ctx, interaction) {
    const [id] = argsOf(interaction.data.custom_id)
    const member = await asMember(ctx, interaction)
    await closeTicket(member, { id, reason: modalFields(interaction).one("reason"), once: interaction.id })
    await carryTicket(ctx, { id })
    return { content: "The ticket is closed." }
  },
}

export const reopenButton: ComponentHandler = {
  name: "ticket.reopen",
  defer: "ephemeral",
  async finish(ctx, interaction) {
    const [id] = argsOf(interaction.data.custom_id)
    await reopenTicket(await asMember(ctx, interaction), { id, once: interaction.id })
    await carryTicket(ctx, { id })
    return { content: "The ticket is open again." }
  },
}

/** The opener's answer to whether it is solved. */
export const solvedButton: ComponentHandler = {
  name: "ticket.solved",
  defer: "update",
  async finish(ctx, interaction) {
    const [id] = argsOf(interaction.data.custom_id)
    await closeTicket(await asMember(ctx, interaction), {
      id,
      reason: "Solved, says who opened it",
      once: interaction.id,
    })
    await carryTicket(ctx, { id })
    return { content: "Solved. Thank you.", components: [] }
  },
}

export const unsolvedButton: ComponentHandler = {
  name: "ticket.unsolved",
  defer: "update",
  async finish(ctx, interaction) {
    const [id] = argsOf(interaction.data.custom_id)
    await declineClosing(await asMember(ctx, interaction), { id, once: interaction.id })
    return { content: "Not solved yet. Please tell us what is still wrong.", components: [] }
  },
}

/** One to five, with room for a word. */
function rateModal({ data }: Pick<APIMessageComponentInteraction, "data">): APIModalInteractionResponse {
  const [id, stars = ""] = argsOf(data.custom_id)
  return {
    type: InteractionResponseType.Modal,
    data: {
      custom_id: customId("ticket.rating", id, stars),
      title: `${"★".repeat(Number(stars) || 1)} Thank you`,
      components: [
        {
          type: ComponentType.Label,
          label: "Anything you want to add?",
          component: {
            type: ComponentType.TextInput,
            custom_id: "comment",
            style: TextInputStyle.Paragraph,
            max_length: 1000,
            required: false,
          },
        },
      ],
    },
  }
}

export const rateButton: ComponentHandler = {
  name: "ticket.rate",
  answer: async (_ctx, interaction) => rateModal(interaction),
  unaided: rateModal,
}

export const rateForm: ModalHandler = {
  name: "ticket.rating",
  defer: "ephemeral",
  insists: true,
  async finish(ctx, interaction) {
    const [id, stars] = argsOf(interaction.data.custom_id)
    const comment = modalFields(interaction).one("comment")
    await rateTicket(await asMember(ctx, interaction), { id, rating: Number(stars), comment, once: interaction.id })
    return { content: "Thank you for telling us." }
  },
}
