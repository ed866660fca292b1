import { type APIInteractionResponse, InteractionType } from "discord-api-types/v10"
import type { ClaimedInteraction } from "../../shared/support/claimInteraction.ts"
import { readCustomId } from "../../shared/vendors/discord/customId.ts"
import type { Act } from "../../shared/vendors/discord/whoActs.ts"
import type { DiscordContext } from "./discordContext.ts"
import type { AnswersAtOnce, Defers, EditedAnswer, Handlers } from "./handler.ts"

export type PutOff = {
  defer: "ephemeral" | "update"
  insists: boolean
  finish(ctx: DiscordContext): Promise<EditedAnswer | null>
  afterwards?: (ctx: DiscordContext) => Promise<void>
}

/** A handler with the interaction that it is to handle. */
export type BoundHandler =
  | { answer(ctx: DiscordContext): Promise<APIInteractionResponse>; unaided(): APIInteractionResponse | null }
  | PutOff

export interface Found {
  kind: ClaimedInteraction["kind"]
  name: string
  /** Null where nothing here knows the name. */
  handler: BoundHandler | null
}

/** By type and by the name of the command or custom id. */
export function findHandler(act: Act, handlers: Handlers): Found {
  switch (act.type) {
    case InteractionType.ApplicationCommand:
      return find("command", act.data.name, handlers.commands, act)
    case InteractionType.ApplicationCommandAutocomplete:
      return find("autocomplete", act.data.name, handlers.autocompletes, act)
    case InteractionType.MessageComponent:
      return find("component", readCustomId(act.data.custom_id).name, handlers.components, act)
    case InteractionType.ModalSubmit:
      return find("modal", readCustomId(act.data.custom_id).name, handlers.modals, act)
  }
}

function find<Each extends Act, Answer extends APIInteractionResponse>(
  kind: Found["kind"],
  name: string,
  handlers: readonly (AnswersAtOnce<Each, Answer> | Defers<Each>)[],
  act: Each,
): Found {
  const found = handlers.find((each) => each.name === name)
  if (!found) return { kind, name, handler: null }
  if (!("defer" in found)) {
    const unaided = () => found.unaided?.(act) ?? null
    return { kind, name, handler: { answer: (ctx) => found.answer(ctx, act), unaided } }
  }
  const insists = "insists" in found && found.insists === true
  const afterwards =
    found.defer === "ephemeral" && found.afterwards
      ? { afterwards: async (ctx: DiscordContext) => found.afterwards?.(ctx, act) }
      : {}
  return {
    kind,
    name,
    handler: { defer: found.defer, insists, finish: (ctx) => found.finish(ctx, act), ...afterwards },
  }
}
