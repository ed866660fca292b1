import { ComponentType } from "discord-api-types/v10"
import { AppError } from "../../../shared/errors.ts"
import { carryTicket } from "../../../shared/support/carryTicket.ts"
import { openerBlocked } from "../../../shared/support/open/openerBlocked.ts"
import { openPlaceOf } from "../../../shared/support/open/openPlaceOf.ts"
import { questionsButton as toQuestions } from "../../../shared/support/open/questionsButton.ts"
import { reserveTicket } from "../../../shared/support/open/reserveTicket.ts"
import { unanswered } from "../../../shared/support/open/unanswered.ts"
import { wishOf } from "../../../shared/support/open/wishOf.ts"
import { ticketName } from "../../../shared/support/place/ticketNames.ts"
import { loadSupport } from "../../../shared/support/supportSetup.ts"
import { ticketRef } from "../../../shared/support/ticketRef.ts"
import { categoriesOnPanel } from "../categoriesOnPanel.ts"
import type { ComponentHandler, EditedAnswer, ModalHandler } from "../handler.ts"
import { ticketForm } from "../ticketForm.ts"

/** The button of the panel. */
export const openButton: ComponentHandler = {
  name: "ticket.open",
  async answer(ctx) {
    const { categories } = await loadSupport(ctx)
    const enabled = categories.filter((each) => each.enabled)
    const [only] = enabled
    if (!only) throw new AppError("conflict", "No tickets are taken right now.")
    return ticketForm(enabled, enabled.length === 1 ? only : null)
  },
  unaided: ({ message }) => ticketForm(categoriesOnPanel(message), null),
}

/** The panel's list of categories: the form has the questions of the one that was chosen. */
export const categoryChoice: ComponentHandler = {
  name: "ticket.category",
  async answer(ctx, { data }) {
    const { categories } = await loadSupport(ctx)
    const wanted = "values" in data ? data.values[0] : undefined
    const chosen = categories.find(({ id, enabled }) => id === wanted && enabled)
    if (!chosen) throw new AppError("conflict", "There is no such category any more.")
    return ticketForm(categories, chosen)
  },
  /** Without the questions of its own. */
  unaided({ data, message }) {
    const wanted = "values" in data ? data.values[0] : undefined
    const chosen = categoriesOnPanel(message).find(({ id }) => id === wanted)
    return chosen ? ticketForm([], chosen) : null
  },
}

export const openForm: ModalHandler = {
  name: "ticket.form",
  defer: "ephemeral",
  insists: true,
  async finish(ctx, interaction) {
    const setup = await loadSupport(ctx)
    const wish = wishOf(interaction, { categories: setup.categories, guildId: ctx.config.guildId })
    const reserved = await reserveTicket(ctx, setup, wish)
    switch (reserved.outcome) {
      case "blocked":
        throw openerBlocked(reserved.until)
      case "too soon":
        throw new AppError(
          "conflict",
          `You have just opened a ticket. You can open another one <t:${Math.ceil(reserved.until.getTime() / 1000)}:R>.`,
        )
      case "open already":
        throw new AppError(
          "conflict",
          reserved.channelId
            ? `You have a ticket about this already: <#${reserved.channelId}>`
            : `You have a ticket about this already, ${ticketName(reserved.number)}; its channel is being made.`,
        )
      case "reserved": {
        if (wish.files.length > 0) await ctx.queues.tickets.send({ ids: [ticketRef("files", reserved.id)] })
        const outcome = await carryTicket(ctx, { id: reserved.id })
        const here = await openPlaceOf(ctx, reserved)
        const asked = unanswered(
          { source: "discord", answers: wish.answers },
          setup.categories.find(({ id }) => id === wish.categoryId),
        )
        const questions: EditedAnswer =
          asked.length > 0
            ? { components: [{ type: ComponentType.ActionRow, components: [toQuestions(reserved.id, asked.length)] }] }
            : {}
        if (here) return { content: `Your ticket ${ticketName(reserved.number)} is here: <#${here}>`, ...questions }
        return {
          content:
            outcome === "failed"
              ? `We have your request as ticket ${ticketName(reserved.number)}. Its channel cannot be made right now; we keep trying, and staff can see it already.`
              : `We have your request as ticket ${ticketName(reserved.number)}. Its channel is being made.`,
          ...questions,
        }
      }
    }
  },
}
