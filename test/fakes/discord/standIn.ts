import { Hono } from "hono"
import type { Faults } from "../faults/faults.ts"
import type { NodeEnv } from "../http/faultMiddleware.ts"
import type { Deliver } from "../webhooks/deliver.ts"
import { discordApi } from "./http/api.ts"
import { cdnRoutes } from "./http/cdnRoutes.ts"
import { RateLimits } from "./http/rateLimits.ts"
import { RequestLog } from "./http/requestLog.ts"
import { discordIdentity } from "./identity.ts"
import { type People, people } from "./people/people.ts"
import { DiscordWorld } from "./world.ts"

export interface DiscordStandIn {
  world: DiscordWorld
  limits: RateLimits
  log: RequestLog
  /** What people in the guild do. */
  people: People
  routes: Hono<NodeEnv>
  settled(): Promise<void>
  reset(): void
}

export interface DiscordStandInOptions {
  now: () => Date
  faults: Faults
  deliver: Deliver | null
  /** Where the stand-in answers, with its path. */
  address: () => string
  botToken?: string | undefined
  rateLimits?: boolean | undefined
  answerWithinMs?: number | undefined
  openApiFile?: string | undefined
  delay: (request: string) => Promise<void>
}

/** Discord: its API below /api/v10, attachments below /cdn, and the people of one guild. */
export function discordStandIn(options: DiscordStandInOptions): DiscordStandIn {
  const { now, faults, deliver, rateLimits = true, answerWithinMs, openApiFile, delay } = options
  const world = new DiscordWorld({
    now,
    faults,
    deliver,
    answerWithinMs,
    openApiFile,
    cdnUrl: () => `${options.address()}/cdn`,
  })
  const limits = new RateLimits(now)
  const log = new RequestLog(now)
  limits.enabled = rateLimits
  const routes = new Hono<NodeEnv>()
  const botToken = options.botToken ?? discordIdentity.botToken
  routes.route("/api/v10", discordApi({ world, limits, log, botToken, delay }))
  routes.route("/cdn", cdnRoutes(world))
  return {
    world,
    limits,
    log,
    people: people(world),
    routes,
    settled: () => world.settled(),
    reset() {
      world.reset()
      limits.clear()
      limits.enabled = rateLimits
      log.clear()
    },
  }
}
