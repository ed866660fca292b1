import type { Settings } from "../settings/settings.ts"
import { type MailVariables, mailVariables } from "./mailVariables.ts"

/** Customers with everything a template may name, with next to nothing, and with only one of subscription and invoice. */
export function sampleVariables(
  brand: Settings["brand"],
): Record<"full" | "bare" | "without an invoice" | "without a subscription", MailVariables> {
  const links = {
    unsubscribe: "https://example.com/unsubscribe/sample",
    preferences: "https://example.com/preferences/sample",
  }
  const customer = {
    id: "00000000-0000-4000-8000-000000000000",
    stripeId: "cus_sample",
    email: "sample@example.com",
    name: "Sam Sample",
    country: "DE",
    currency: "eur",
    locale: "en",
    timeZone: "Europe/Berlin",
    tags: ["sample"],
    stage: "active" as const,
    delinquent: false,
    deleted: false,
    known: true,
    metadata: {},
  }
  const everything = {
    customer,
    brand,
    links,
    subscription: {
      id: "sub_sample",
      relevant: true,
      status: "active",
      plan: "Sample Plan",
      products: ["prod_sample"],
      prices: ["price_sample"],
      intervals: ["month"],
      quantity: 1,
      currency: "eur",
      cancelScheduled: true,
      cancelAt: "2026-12-24T12:00:00.000Z",
      trialEnd: "2026-12-01T12:00:00.000Z",
      currentPeriodEnd: "2026-12-24T12:00:00.000Z",
      endedAt: null,
      paused: false,
      cancellationReason: null,
      metadata: {},
    },
    invoice: {
      id: "in_sample",
      number: "A-0001",
      status: "open",
      currency: "eur",
      total: 1190,
      amountDue: 1190,
      amountPaid: 0,
      amountRemaining: 1190,
      attemptCount: 1,
      nextPaymentAttempt: "2026-11-27T12:00:00.000Z",
      billingReason: "subscription_cycle",
      hostedInvoiceUrl: "https://example.com/invoice/sample",
    },
    change: { amount: 1190, currency: "eur", attempt: 1, declineCode: "insufficient_funds", converted: false },
  }
  const bare = mailVariables({
    customer: { ...customer, name: null, country: null, currency: null, locale: null, timeZone: null, tags: [] },
    brand,
    links,
    subscription: null,
    invoice: null,
    change: {},
  })
  return {
    full: mailVariables(everything),
    bare,
    "without an invoice": mailVariables({ ...everything, invoice: null }),
    "without a subscription": mailVariables({ ...everything, subscription: null }),
  }
}
