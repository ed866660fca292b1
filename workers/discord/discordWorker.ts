import { Router } from "itty-router"
import { createLogger } from "../../shared/log.ts"
import { errorResponse } from "../../shared/runtime/errorResponse.ts"
import { healthResponse } from "../../shared/runtime/health.ts"
import { createDiscordLimits } from "../../shared/vendors/discord/discordLimits.ts"
import { discordContext } from "./discordContext.ts"
import type { Handlers } from "./handler.ts"
import { receiveInteraction } from "./receiveInteraction.ts"
import { workOff } from "./workOff.ts"

/** The Worker that Discord sends interactions to, with what users can set off. */
export function discordWorker(handlers: Handlers): ExportedHandler<Cloudflare.DiscordEnv> {
  // What Discord told one request of its limits helps the next in the same isolate; nothing depends on it.
  const limits = createDiscordLimits()
  const router = Router<Request, [Cloudflare.DiscordEnv, ExecutionContext]>()
    .get("/health", (_request, env) => healthResponse("discord", env))
    .post("/interactions", (request, env, execution) =>
      receiveInteraction(request, {
        ctx: discordContext(env, limits),
        handlers,
        waitUntil: (work) => execution.waitUntil(work),
      }),
    )
    .all("*", () => Response.json({ error: { code: "not_found", message: "POST /interactions." } }, { status: 404 }))

  return {
    async fetch(request, env, execution) {
      try {
        return await router.fetch(request, env, execution)
      } catch (thrown) {
        return errorResponse(thrown, createLogger({ worker: "discord" }))
      }
    },
    async queue(batch, env) {
      const ctx = discordContext(env, limits)
      await workOff(
        { ...ctx, actor: { kind: "queue", name: batch.queue } },
        handlers,
        batch.messages.map(({ body }) => body),
      )
    },
  }
}
