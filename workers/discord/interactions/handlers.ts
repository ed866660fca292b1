import type { Handlers } from "../handler.ts"

/** What Discord users can set off here; each is a file of this folder. */
export const handlers: Handlers = { commands: [], autocompletes: [], components: [], modals: [] }
