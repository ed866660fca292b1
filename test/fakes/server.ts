import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import type { AddressInfo } from "node:net"
import path from "node:path"
import { type HttpBindings, serve } from "@hono/node-server"
import { Hono } from "hono"
import { control } from "./control.ts"
import { dashboard } from "./dashboard/dashboard.ts"
import { Faults } from "./faults/faults.ts"
import { resendApi } from "./resend/api.ts"
import { Mailbox } from "./resend/mailbox.ts"
import { stripeApi } from "./stripe/api.ts"
import { EventLog, type WebhookAnswer } from "./stripe/eventLog.ts"
import { StripeWorld, type WorldState } from "./stripe/world.ts"

export type WebhookDelivery = (
  vendor: "stripe" | "resend",
  request: { method: "POST"; headers: Record<string, string>; body: string },
) => Promise<WebhookAnswer>

export interface FakesOptions {
  port?: number
  host?: string
  /** Where the objects of Stripe are kept between runs. */
  stateFile?: string
  now?: () => Date
  seed?: number
  stripe?: {
    webhookUrl?: string
    webhookSecret?: string
    apiKey?: string
    requestsPerSecond?: number
    latencyMs?: number
    livemode?: boolean
  }
  resend?: {
    webhookUrl?: string
    webhookSecret?: string
    apiKey?: string
    requestsPerSecond?: number
    dailyQuota?: number
    monthlyQuota?: number
    /** How many mails are kept to be looked at; 0 only counts them, and sends no webhooks about them. */
    keepMails?: number
  }
  /** Delivers webhooks in some other way than to the URLs. */
  deliver?: WebhookDelivery
  /** Shown on the dashboard as ways to the rest of the system. */
  links?: { label: string; url: string }[]
}

type WebhookRequest = Parameters<WebhookDelivery>[1]

export interface Fakes {
  url: string
  stripe: StripeWorld
  events: EventLog
  mailbox: Mailbox
  faults: { stripe: Faults; resend: Faults }
  /** Until every webhook under way has its answer. */
  settled(): Promise<void>
  close(): Promise<void>
}

/** The vendors' stand-ins: Stripe below /stripe, Resend below /resend, a dashboard to play with them at /. */
export async function startFakes(options: FakesOptions = {}): Promise<Fakes> {
  const { stripe = {}, resend = {}, seed = 1, host = "127.0.0.1", stateFile } = options
  const faults = { stripe: new Faults(seed), resend: new Faults(seed + 1) }
  const deliverTo = (vendor: "stripe" | "resend", url: string | undefined) => {
    const { deliver } = options
    if (deliver) return (request: WebhookRequest) => deliver(vendor, request)
    return url ? (request: WebhookRequest) => fetch(url, { ...request, signal: AbortSignal.timeout(10_000) }) : null
  }
  const events = new EventLog({
    deliver: deliverTo("stripe", stripe.webhookUrl),
    webhookSecret: stripe.webhookSecret ?? "whsec_test",
    livemode: stripe.livemode ?? false,
    faults: faults.stripe,
  })
  let address = ""
  const world = new StripeWorld({
    log: events,
    hostedUrl: (id) => `${address}/pay/${id}`,
    wall: options.now ?? (() => new Date()),
  })
  const restored = stateFile && existsSync(stateFile) ? readState(stateFile) : null
  if (restored) world.restore(restored)

  const mailbox = new Mailbox({
    deliver: deliverTo("resend", resend.webhookUrl),
    webhookSecret: resend.webhookSecret ?? "whsec_dGVzdA==",
    keepMails: resend.keepMails ?? 5000,
    faults: faults.resend,
  })
  const stripeFailure = (status: number) =>
    Response.json(
      { error: { type: status === 429 ? "invalid_request_error" : "api_error", message: "A fault on demand." } },
      { status },
    )
  const resendFailure = (status: number) =>
    Response.json(
      {
        statusCode: status,
        name: status === 429 ? "rate_limit_exceeded" : "internal_server_error",
        message: "A fault on demand.",
      },
      { status, headers: status === 429 ? { "retry-after": "1" } : {} },
    )

  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use("/stripe/*", faults.stripe.middleware(stripeFailure))
  app.use("/resend/*", faults.resend.middleware(resendFailure))
  app.route(
    "/stripe",
    stripeApi({
      world,
      log: events,
      apiKey: stripe.apiKey ?? "sk_test_fake",
      requestsPerSecond: stripe.requestsPerSecond ?? 25,
      latencyMs: () => stripe.latencyMs ?? 0,
    }),
  )
  app.route(
    "/resend",
    resendApi({
      mailbox,
      apiKey: resend.apiKey ?? "re_fake",
      requestsPerSecond: resend.requestsPerSecond ?? 5,
      dailyQuota: resend.dailyQuota ?? Number.POSITIVE_INFINITY,
      monthlyQuota: resend.monthlyQuota ?? Number.POSITIVE_INFINITY,
    }),
  )
  const parts = { world, events, mailbox, faults, links: options.links ?? [] }
  app.route("/_", control(parts))
  app.route("/", dashboard(parts))
  app.onError((error, c) => c.json({ error: error.message }, 400))

  const server = serve({ fetch: app.fetch, port: options.port ?? 0, hostname: host })
  await new Promise<void>((resolve, reject) => {
    server.once("listening", () => resolve())
    server.once("error", reject)
  })
  address = `http://${host}:${(server.address() as AddressInfo).port}`

  const save = () => {
    if (!stateFile) return
    mkdirSync(path.dirname(stateFile), { recursive: true })
    writeFileSync(`${stateFile}.new`, JSON.stringify(world.save()))
    renameSync(`${stateFile}.new`, stateFile)
  }
  const saving = setInterval(save, 2000)
  saving.unref()

  return {
    url: address,
    stripe: world,
    events,
    mailbox,
    faults,
    async settled() {
      await Promise.all([events.settled(), mailbox.settled()])
    },
    async close() {
      clearInterval(saving)
      save()
      if ("closeAllConnections" in server) server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function readState(file: string): WorldState {
  return JSON.parse(readFileSync(file, "utf8"))
}
