import type { HttpBindings } from "@hono/node-server"
import { Hono } from "hono"
import { z } from "zod"
import type { Faults } from "./faults/faults.ts"
import type { Mailbox } from "./resend/mailbox.ts"
import type { EventLog } from "./stripe/eventLog.ts"
import type { StripeWorld } from "./stripe/world.ts"

export interface Parts {
  world: StripeWorld
  events: EventLog
  mailbox: Mailbox
  faults: { stripe: Faults; resend: Faults }
  links: { label: string; url: string }[]
}

const behaviours = [
  "works",
  "authentication_required",
  "insufficient_funds",
  "expired_card",
  "generic_decline",
] as const
const rate = z.coerce.number().min(0).max(1)

/** Everything a player can do, by name; the dashboard's buttons and scripts send the same. */
const actions = z.discriminatedUnion("action", [
  z.object({
    action: z.literal("subscribe"),
    email: z.string().optional(),
    name: z.string().optional(),
    country: z.string().optional(),
    price: z.string(),
    trialDays: z.coerce.number().int().min(0).max(90).default(0),
    card: z.enum([...behaviours, "none"]).default("works"),
    customer: z.string().optional(),
  }),
  z.object({ action: z.literal("card"), customer: z.string(), card: z.enum(behaviours) }),
  z.object({ action: z.literal("renew"), subscription: z.string(), card: z.enum(behaviours).optional() }),
  z.object({ action: z.literal("pay"), invoice: z.string(), card: z.enum(behaviours).optional() }),
  z.object({
    action: z.literal("cancel"),
    subscription: z.string(),
    feedback: z.string().optional(),
    comment: z.string().optional(),
  }),
  z.object({
    action: z.literal("cancelAtPeriodEnd"),
    subscription: z.string(),
    feedback: z.string().optional(),
    comment: z.string().optional(),
  }),
  z.object({ action: z.literal("resume"), subscription: z.string() }),
  z.object({ action: z.literal("pause"), subscription: z.string() }),
  z.object({ action: z.literal("unpause"), subscription: z.string() }),
  z.object({ action: z.literal("changePlan"), subscription: z.string(), price: z.string() }),
  z.object({ action: z.literal("refund"), charge: z.string() }),
  z.object({ action: z.literal("dispute"), charge: z.string() }),
  z.object({ action: z.literal("closeDispute"), dispute: z.string(), outcome: z.enum(["won", "lost"]) }),
  z.object({ action: z.literal("deleteCustomer"), customer: z.string() }),
  z.object({
    action: z.literal("advanceClock"),
    hours: z.coerce
      .number()
      .min(0)
      .max(24 * 400),
  }),
  z.object({ action: z.literal("resendWebhook"), id: z.string() }),
  z.object({
    action: z.literal("mail"),
    id: z.string(),
    event: z.enum(["delivered", "delivery_delayed", "opened", "clicked", "bounced", "complained"]),
  }),
  z.object({
    action: z.literal("faults"),
    vendor: z.enum(["stripe", "resend"]),
    latency: rate.optional(),
    timeoutAfterAcceptance: rate.optional(),
    tooManyRequests: rate.optional(),
    serverError: rate.optional(),
    droppedConnection: rate.optional(),
    duplicate: rate.optional(),
    reorder: z.coerce.number().int().min(0).max(1000).optional(),
    webhooks: z.enum(["on", "off"]).optional(),
  }),
  z.object({ action: z.literal("clearFaults") }),
])
type Action = z.infer<typeof actions>

/** `POST /_/act` with an action as JSON or form; `GET /_/state` for what there is. */
export function control(parts: Parts) {
  const api = new Hono<{ Bindings: HttpBindings }>()
  api.post("/act", async (c) => {
    const form = !c.req.header("content-type")?.includes("json")
    const body: unknown = form
      ? Object.fromEntries(Object.entries(await c.req.parseBody()).filter(([, value]) => value !== ""))
      : await c.req.json()
    const parsed = actions.safeParse(body)
    if (!parsed.success)
      return c.json({ error: parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`) }, 400)
    const result = act(parts, parsed.data)
    return form ? c.redirect("/", 303) : c.json({ ok: true, result })
  })
  api.get("/state", (c) =>
    c.json({
      now: parts.world.now(),
      customers: parts.world.all("customer"),
      subscriptions: parts.world.all("subscription"),
      invoices: parts.world.all("invoice"),
      mails: parts.mailbox.mails.map(({ html: _, ...mail }) => mail),
      accepted: parts.mailbox.accepted,
      deliveries: parts.events.deliveries,
    }),
  )
  return api
}

function act({ world, events, mailbox, faults }: Parts, action: Action): unknown {
  switch (action.action) {
    case "subscribe": {
      const customer =
        action.customer ??
        world.createCustomer({
          email: action.email ?? null,
          name: action.name ?? null,
          country: action.country?.toUpperCase() ?? null,
        }).id
      const card = action.card === "none" ? null : action.card
      return world.subscribe({ customer, price: action.price, trialDays: action.trialDays, card })
    }
    case "card":
      return world.setCard(action.customer, action.card)
    case "renew": {
      const customer = String(world.get(action.subscription)?.customer)
      if (action.card) world.setCard(customer, action.card)
      return world.renewNow(action.subscription)
    }
    case "pay": {
      const customer = String(world.get(action.invoice)?.customer)
      if (action.card) world.setCard(customer, action.card)
      return world.pay(action.invoice)
    }
    case "cancel":
      return world.cancel(action.subscription, action)
    case "cancelAtPeriodEnd":
      return world.cancel(action.subscription, { ...action, atPeriodEnd: true })
    case "resume":
      return world.resume(action.subscription)
    case "pause":
    case "unpause":
      return world.pauseCollection(action.subscription, action.action === "pause")
    case "changePlan":
      return world.changePlan(action.subscription, action.price)
    case "refund":
      return world.refund(action.charge)
    case "dispute":
      return world.dispute(action.charge)
    case "closeDispute":
      return world.closeDispute(action.dispute, action.outcome)
    case "deleteCustomer":
      return world.deleteCustomer(action.customer)
    case "advanceClock":
      return world.advanceClock(action.hours * 3600)
    case "resendWebhook":
      return action.id.startsWith("evt_") ? events.resend(action.id) : mailbox.resend(action.id)
    case "mail":
      return mailbox.happen(action.id, action.event)
    case "faults": {
      const { vendor, duplicate, reorder, webhooks, action: _, ...rates } = action
      const given = Object.fromEntries(Object.entries(rates).filter(([, value]) => value !== undefined))
      faults[vendor].set({
        rates: given,
        webhooks: {
          ...(duplicate !== undefined && { duplicate }),
          ...(reorder !== undefined && { reorder }),
          ...(webhooks !== undefined && { off: webhooks === "off" }),
        },
      })
      return faults[vendor].settings
    }
    case "clearFaults":
      faults.stripe.clear()
      faults.resend.clear()
  }
}
