import { Hono } from "hono"
import { control } from "./control.ts"
import { dashboard } from "./dashboard/dashboard.ts"
import { type DiscordStandIn, discordStandIn } from "./discord/standIn.ts"
import { resendFailure, stripeFailure } from "./faults/failures.ts"
import { type FaultControl, faultControl } from "./faults/faultControl.ts"
import { Faults } from "./faults/faults.ts"
import { faultMiddleware, type NodeEnv } from "./http/faultMiddleware.ts"
import { listen } from "./http/listen.ts"
import { pause } from "./http/pause.ts"
import { RateLimiter } from "./http/rateLimiter.ts"
import type { FakesOptions, Vendor } from "./options.ts"
import type { Parts } from "./parts.ts"
import { resendApi } from "./resend/api.ts"
import { Idempotency as ResendIdempotency } from "./resend/idempotency.ts"
import { Mailbox } from "./resend/mailbox.ts"
import { Quota } from "./resend/quota.ts"
import { inboxFiles } from "./resend/receivingApi.ts"
import { restoreState, saveState } from "./stateFile.ts"
import { stripeApi } from "./stripe/api.ts"
import { EventLog } from "./stripe/eventLog.ts"
import { Idempotency as StripeIdempotency } from "./stripe/http/idempotency.ts"
import { StripeWorld } from "./stripe/world.ts"
import { type Deliver, deliverTo } from "./webhooks/deliver.ts"

export type { FakesOptions } from "./options.ts"

export interface Fakes {
  url: string
  stripe: StripeWorld
  events: EventLog
  resend: Mailbox
  /** The same as `resend`. */
  mailbox: Mailbox
  discord: DiscordStandIn
  faults: FaultControl
  /** Until every webhook under way has its answer. */
  settled(): Promise<void>
  /** As if just started: no customers, mails, webhooks or faults. */
  reset(): void
  close(): Promise<void>
}

/** The vendors' stand-ins: Stripe below /stripe, Resend below /resend, Discord below /discord, a dashboard to play with them at /. */
export async function startFakes(options: FakesOptions = {}): Promise<Fakes> {
  const { stripe = {}, resend = {}, discord: discordOptions = {}, seed = 1, host = "127.0.0.1", stateFile } = options
  const now = options.now ?? (() => new Date())
  const faults = faultControl({
    stripe: new Faults(seed),
    resend: new Faults(seed + 1),
    discord: new Faults(seed + 2),
  })
  const limiters = {
    stripe: new RateLimiter(stripe.requestsPerSecond ?? 25),
    resend: new RateLimiter(resend.requestsPerSecond ?? 5),
  }
  const quota = new Quota({ daily: finite(resend.dailyQuota), monthly: finite(resend.monthlyQuota), now })
  const idempotency = {
    stripe: new StripeIdempotency(),
    resend: new ResendIdempotency(() => now().getTime()),
  }
  let address = ""
  const events = new EventLog({
    deliver: delivererOf(options, "stripe"),
    webhookSecret: stripe.webhookSecret ?? "whsec_test",
    livemode: stripe.livemode ?? false,
    account: stripe.accountId,
    faults: faults.stripe,
    retryAfter: options.webhookRetries,
  })
  const world = new StripeWorld({
    log: events,
    hostedUrl: (id) => `${address}/pay/${id}`,
    wall: now,
    livemode: stripe.livemode,
    billing: { upcomingDays: 7, ...stripe.billing },
  })
  const mailbox = new Mailbox({
    deliver: delivererOf(options, "resend"),
    webhookSecret: resend.webhookSecret ?? "whsec_dGVzdA==",
    keepMails: resend.keepMails ?? 5000,
    faults: faults.resend,
    retryAfter: options.webhookRetries,
    tagsAs: resend.tagsAs,
    countTag: resend.countTag,
    now,
    address: () => address,
  })
  const discord = discordStandIn({
    ...discordOptions,
    now,
    faults: faults.discord,
    deliver: delivererOf(options, "discord"),
    address: () => `${address}/discord`,
    delay: delayOf(faults.discord, discordOptions.latencyMs),
  })
  if (stateFile) restoreState(stateFile, world, mailbox, discord.world)

  const reset = () => {
    world.reset()
    mailbox.reset()
    discord.reset()
    faults.clear()
    quota.clear()
    idempotency.stripe.clear()
    idempotency.resend.clear()
  }
  const parts: Parts = { world, mailbox, discord, faults, limiters, quota, links: options.links ?? [], reset }
  const app = new Hono<NodeEnv>()
  app.use("/stripe/*", faultMiddleware(faults.stripe, stripeFailure))
  app.use("/resend/*", faultMiddleware(faults.resend, resendFailure))
  app.route("/discord", discord.routes)
  app.route(
    "/stripe",
    stripeApi({
      account: world.account,
      idempotency: idempotency.stripe,
      limiter: limiters.stripe,
      apiKey: stripe.apiKey ?? "sk_test_fake",
      delay: delayOf(faults.stripe, stripe.latencyMs),
    }),
  )
  app.route(
    "/resend",
    resendApi({
      mailbox,
      idempotency: idempotency.resend,
      limiter: limiters.resend,
      quota,
      apiKey: resend.apiKey ?? "re_fake",
      refusedDomains: resend.refusedDomains ?? [],
      delay: delayOf(faults.resend, resend.latencyMs),
    }),
  )
  app.route("/resend-files", inboxFiles(mailbox.inbox))
  app.route("/_", control(parts))
  app.route("/", dashboard(parts))
  app.onError((error, c) => c.json({ error: error.message }, 500))

  const listening = await listen(app, options.port ?? 0, host)
  address = listening.url
  // What falls due as real time passes, such as the hour before a drafted invoice is collected.
  const ticking = setInterval(() => world.advanceClock(0), 2000).unref()
  const saving = stateFile
    ? setInterval(() => saveState(stateFile, world, mailbox, discord.world), 2000).unref()
    : undefined

  return {
    url: address,
    stripe: world,
    events,
    resend: mailbox,
    mailbox,
    discord,
    faults,
    async settled() {
      await Promise.all([events.settled(), mailbox.settled(), discord.settled()])
    },
    reset,
    async close() {
      clearInterval(ticking)
      clearInterval(saving)
      if (stateFile) saveState(stateFile, world, mailbox, discord.world)
      await Promise.all([events.webhooks.close(), mailbox.webhooks.close()])
      await listening.close()
    },
  }
}

function delivererOf(options: FakesOptions, vendor: Vendor): Deliver | null {
  const { deliver } = options
  const url = options[vendor]?.webhookUrl
  if (deliver) return (request) => deliver(vendor, request)
  return url ? deliverTo(url) : null
}

/** What a request takes; a latency fault without a length takes 300 ms. */
const delayOf =
  (faults: Faults, latency = 0) =>
  (request: string) => {
    const slow = faults.strikes("latency", request)
    return pause(latency + (slow ? (slow.milliseconds ?? 300) : 0))
  }

const finite = (limit: number | undefined): number => (Number.isFinite(limit) ? (limit ?? 0) : 0)
