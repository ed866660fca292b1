import { type Act, nameOf, userIdOf } from "../../shared/vendors/discord/whoActs.ts"
import type { DiscordContext } from "./discordContext.ts"
import type { Found } from "./findHandler.ts"

/** The context in the name of whoever acts, whose log lines say what they do. */
export function actingContext(ctx: DiscordContext, act: Act, { kind, name }: Found): DiscordContext {
  const userId = userIdOf(act)
  return {
    ...ctx,
    actor: { kind: "discord", userId, name: nameOf(act) },
    log: ctx.log.with({ interaction: act.id, kind, name, user: userId, requestId: ctx.requestId }),
  }
}
