import type { Handlers } from "../handler.ts"
import { blockCommand, unblockCommand } from "./blockCommand.ts"
import { questionsButton, questionsForm } from "./categoryQuestions.ts"
import { customerChoices, customerCommand } from "./customerCommand.ts"
import { linkButton, linkCommand, linkForm } from "./linkCommand.ts"
import { categoryChoice, openButton, openForm } from "./openTicket.ts"
import { ticketChoices, ticketCommand } from "./ticketCommand.ts"
import {
  claimButton,
  closeButton,
  closeForm,
  rateButton,
  rateForm,
  releaseButton,
  reopenButton,
  solvedButton,
  unsolvedButton,
} from "./workTicket.ts"

/** What Discord users can set off here; each is in a file of this folder. */
export const handlers: Handlers = {
  commands: [ticketCommand, customerCommand, blockCommand, unblockCommand, linkCommand],
  autocompletes: [ticketChoices, customerChoices],
  components: [
    openButton,
    categoryChoice,
    claimButton,
    releaseButton,
    closeButton,
    reopenButton,
    solvedButton,
    unsolvedButton,
    rateButton,
    linkButton,
    questionsButton,
  ],
  modals: [openForm, questionsForm, closeForm, rateForm, linkForm],
}
