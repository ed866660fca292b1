import type { Handlers } from "../handler.ts"
import { categoryChoice, openButton, openForm } from "./openTicket.ts"
import { claimButton, closeButton, closeForm, rateButton, rateForm, releaseButton, reopenButton } from "./workTicket.ts"

/** What Discord users can set off here; each is in a file of this folder. */
export const handlers: Handlers = {
  commands: [],
  autocompletes: [],
  components: [openButton, categoryChoice, claimButton, releaseButton, closeButton, reopenButton, rateButton],
  modals: [openForm, closeForm, rateForm],
}
