import { beforeEach } from "vitest"
import type { DiscordOptions } from "../../options.ts"
import { useFakes } from "../../support/useFakes.ts"
import { application } from "./application.ts"
import { bot } from "./bot.ts"

/** The stand-in for this file with an application to answer it, both as just started before each test, and a clock to move. */
export function useDiscord(options: DiscordOptions = {}) {
  const app = application()
  let at = Date.now()
  const stand = useFakes({
    deliver: app.deliver,
    now: () => new Date(at),
    discord: { rateLimits: false, ...options },
  })
  beforeEach(() => {
    app.received.length = 0
    at = Date.now()
  })
  return {
    app,
    call: bot(() => stand.fakes.url),
    get discord() {
      return stand.fakes.discord
    },
    get fakes() {
      return stand.fakes
    },
    pass(milliseconds: number) {
      at += milliseconds
    },
  }
}
