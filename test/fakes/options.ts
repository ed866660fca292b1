import type { BillingSettings } from "./stripe/account.ts"
import type { WebhookAnswer } from "./webhooks/deliver.ts"

export type Vendor = "stripe" | "resend" | "discord"

export type WebhookDelivery = (
  vendor: Vendor,
  request: { method: "POST"; headers: Record<string, string>; body: string },
) => Promise<WebhookAnswer>

export interface StripeOptions {
  webhookUrl?: string
  webhookSecret?: string
  apiKey?: string
  /** 25 when left out, as in Stripe's sandboxes; 0 for no limit. */
  requestsPerSecond?: number
  latencyMs?: number
  livemode?: boolean
  accountId?: string
  billing?: Partial<BillingSettings>
}

export interface ResendOptions {
  webhookUrl?: string
  webhookSecret?: string
  apiKey?: string
  /** 5 when left out, as Resend documents it; 0 for no limit. */
  requestsPerSecond?: number
  /** Recipients a day; 0 (or left out) for no limit. */
  dailyQuota?: number
  monthlyQuota?: number
  latencyMs?: number
  /** How many mails are kept to be looked at (5000); 0 only counts them, and sends no webhooks about them. */
  keepMails?: number
  /** How webhooks tell tags. */
  tagsAs?: "map" | "array"
  /** The tag by which accepted mails are counted (`outbox_id`). */
  countTag?: string
  /** Domains that are refused as recipients; Resend refuses example.com and test.com, the stand-in none. */
  refusedDomains?: string[]
}

export interface DiscordOptions {
  /** Where interactions are posted. */
  webhookUrl?: string
  botToken?: string
  /** As Discord's when left out; false for none. */
  rateLimits?: boolean
  /** How long it waits for the answer to an interaction; 3000 when left out. */
  answerWithinMs?: number
  /** Discord's published document, by which requests are judged; ../shared has it. */
  openApiFile?: string
  latencyMs?: number
}

export interface FakesOptions {
  /** Any free one when left out. */
  port?: number
  host?: string
  /** Where everything is kept between runs. */
  stateFile?: string
  /** The wall's clock, from which Stripe's starts. */
  now?: () => Date
  /** Of the faults. */
  seed?: number
  stripe?: StripeOptions
  resend?: ResendOptions
  discord?: DiscordOptions
  /** Milliseconds before each retry of a webhook that was not taken. */
  webhookRetries?: number[]
  /** Delivers webhooks in some other way than to the URLs. */
  deliver?: WebhookDelivery
  /** Shown on the dashboard as ways to the rest of the system. */
  links?: { label: string; url: string }[]
}
