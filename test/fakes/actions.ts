import { z } from "zod"
import { cardBehaviours } from "./stripe/card.ts"

const card = z.enum(cardBehaviours)
const id = z.string().min(1)
const rule = z.union([
  z.number().min(0).max(1),
  z.null(),
  z.object({
    probability: z.coerce.number().min(0).max(1).optional(),
    count: z.coerce.number().int().min(0).optional(),
    milliseconds: z.coerce.number().min(0).optional(),
    on: z.string().optional(),
  }),
])
const person = {
  name: z.string().optional(),
  email: z.string().optional(),
  country: z
    .string()
    .transform((value) => value.trim().toUpperCase())
    .optional(),
}

/** Everything a player can do, by name; the dashboard's buttons and scripts send the same. */
export const actions = z.discriminatedUnion("action", [
  z.object({ action: z.literal("createCustomer"), ...person }),
  z.object({ action: z.literal("updateCustomer"), customer: id, ...person }),
  z.object({ action: z.literal("deleteCustomer"), customer: id }),
  z.object({
    action: z.literal("subscribe"),
    ...person,
    /** An existing one; a new one when left out. */
    customer: id.optional(),
    price: id,
    quantity: z.coerce.number().int().min(1).optional(),
    trialDays: z.coerce.number().int().min(0).max(730).optional(),
    card: z.enum([...cardBehaviours, "none"]).default("works"),
    coupon: z.string().optional(),
  }),
  z.object({ action: z.literal("card"), customer: id, card }),
  z.object({ action: z.literal("replaceCard"), customer: id, card: card.default("works") }),
  z.object({ action: z.literal("expireCard"), customer: id }),
  z.object({ action: z.literal("renew"), subscription: id, card: card.optional() }),
  z.object({ action: z.literal("failPayment"), subscription: id, card: card.exclude(["works"]).optional() }),
  z.object({ action: z.literal("pay"), invoice: id, card: card.optional() }),
  z.object({
    action: z.enum(["cancel", "cancelAtPeriodEnd"]),
    subscription: id,
    feedback: z.string().optional(),
    comment: z.string().optional(),
  }),
  z.object({ action: z.enum(["resume", "pause", "unpause", "removeDiscount"]), subscription: id }),
  z.object({
    action: z.literal("changePlan"),
    subscription: id,
    price: id,
    quantity: z.coerce.number().int().min(1).optional(),
    proration: z.enum(["create_prorations", "always_invoice", "none"]).optional(),
  }),
  z.object({
    action: z.literal("createCoupon"),
    id: z.string().optional(),
    name: z.string().optional(),
    percentOff: z.coerce.number().min(0).max(100),
    duration: z.enum(["once", "repeating", "forever"]).default("once"),
    durationInMonths: z.coerce.number().int().min(1).optional(),
  }),
  z.object({ action: z.literal("applyCoupon"), subscription: id, coupon: id }),
  z.object({ action: z.literal("refund"), charge: id, amount: z.coerce.number().int().min(1).optional() }),
  z.object({ action: z.literal("dispute"), charge: id, reason: z.string().optional() }),
  z.object({ action: z.literal("closeDispute"), dispute: id, outcome: z.enum(["won", "lost"]) }),
  z.object({
    action: z.literal("advanceClock"),
    hours: z.coerce
      .number()
      .min(0)
      .max(24 * 800),
  }),
  z.object({ action: z.literal("resendWebhook"), id }),
  z.object({ action: z.enum(["resendUndelivered", "releaseWebhooks", "clearFaults", "reset"]) }),
  z.object({
    action: z.literal("mail"),
    id,
    event: z.enum([
      "delivered",
      "delivery_delayed",
      "opened",
      "clicked",
      "bounced",
      "bounced_softly",
      "complained",
      "failed",
      "suppressed",
    ]),
    link: z.string().optional(),
  }),
  z.object({ action: z.literal("unsuppress"), address: id }),
  z.object({
    action: z.literal("receiveMail"),
    from: z.string(),
    to: z.string().optional(),
    subject: z.string().optional(),
    text: z.string().optional(),
    html: z.string().optional(),
    answers: z.string().optional(),
    headers: z.string().optional(),
    fileName: z.string().optional(),
    fileText: z.string().optional(),
  }),
  z.object({ action: z.literal("announceMail"), id }),
  z.object({
    action: z.literal("faults"),
    vendor: z.enum(["stripe", "resend", "discord"]),
    latency: rule.optional(),
    droppedConnection: rule.optional(),
    tooManyRequests: rule.optional(),
    serverError: rule.optional(),
    unavailable: rule.optional(),
    errorAfterAcceptance: rule.optional(),
    timeoutAfterAcceptance: rule.optional(),
    duplicateWebhooks: rule.optional(),
    reorderWebhooks: z.coerce.number().int().min(0).max(10_000).optional(),
    webhooksOff: z.union([z.boolean(), z.enum(["on", "off"]).transform((value) => value === "on")]).optional(),
  }),
  z.object({
    action: z.literal("configure"),
    vendor: z.enum(["stripe", "resend", "discord"]),
    webhookUrl: z.url().optional(),
    requestsPerSecond: z.coerce.number().min(0).optional(),
    dailyQuota: z.coerce.number().min(0).optional(),
    monthlyQuota: z.coerce.number().min(0).optional(),
  }),
])
export type Action = z.infer<typeof actions>
