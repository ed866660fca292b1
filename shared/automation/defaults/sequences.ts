import type { Condition } from "../ruleSchema.ts"
import type { Delay, Sequence } from "../sequenceSchema.ts"

const day = 24 * 60
const after = (minutes: number): Delay => ({ after: minutes })
const atNine = (days: number): Delay => ({ at: "09:00", days })

const subscriptionEnded: Condition = {
  field: "subscription.status",
  op: "in",
  value: ["canceled", "incomplete_expired"],
}
const invoiceSettled: Condition = { field: "invoice.status", op: "in", value: ["paid", "void", "uncollectible"] }

const sequence = (
  source: Omit<Sequence, "staleAfterHours" | "enabled" | "version"> & { staleAfterHours?: number },
): Sequence => ({
  staleAfterHours: 48,
  enabled: true,
  version: 1,
  ...source,
})

export const defaultSequences: Sequence[] = [
  sequence({
    id: "welcome",
    name: "Welcome",
    mailClass: "transactional",
    steps: [{ delay: after(0), template: "welcome" }],
    exits: [{ when: subscriptionEnded, reason: "the subscription has ended" }],
  }),
  sequence({
    id: "onboarding",
    name: "Onboarding",
    mailClass: "marketing",
    steps: [
      { delay: after(day), template: "setup-tips" },
      { delay: atNine(2), template: "onboarding-day-2" },
      { delay: atNine(4), template: "onboarding-day-4" },
      { delay: atNine(7), template: "onboarding-day-7" },
    ],
    exits: [{ when: subscriptionEnded, reason: "the subscription has ended" }],
  }),
  sequence({
    id: "dunning",
    name: "Dunning",
    mailClass: "transactional",
    steps: [
      { delay: after(0), template: "payment-failed" },
      { delay: after(3 * day), template: "payment-update-card" },
      { delay: after(7 * day), template: "payment-final-notice" },
      { delay: after(10 * day), template: "payment-last-notice" },
    ],
    exits: [
      { when: invoiceSettled, reason: "the invoice is settled" },
      { when: subscriptionEnded, reason: "the subscription has ended" },
    ],
  }),
  sequence({
    id: "dunning-authentication",
    name: "Dunning: the bank asks for authentication",
    mailClass: "transactional",
    steps: [
      { delay: after(0), template: "payment-authentication" },
      { delay: after(2 * day), template: "payment-authentication-reminder" },
      { delay: after(7 * day), template: "payment-final-notice" },
      { delay: after(10 * day), template: "payment-last-notice" },
    ],
    exits: [
      { when: invoiceSettled, reason: "the invoice is settled" },
      { when: subscriptionEnded, reason: "the subscription has ended" },
    ],
  }),
  sequence({
    id: "payment-recovered",
    name: "Payment recovered",
    mailClass: "transactional",
    steps: [{ delay: after(0), template: "payment-recovered" }],
    exits: [],
  }),
  sequence({
    id: "refund-confirmed",
    name: "Refund confirmed",
    mailClass: "transactional",
    steps: [{ delay: after(0), template: "refund-confirmed" }],
    exits: [],
  }),
  sequence({
    id: "trial-ending",
    name: "Trial ending",
    mailClass: "transactional",
    steps: [{ delay: after(0), template: "trial-ending" }],
    exits: [{ when: { field: "subscription.status", op: "ne", value: "trialing" }, reason: "the trial is over" }],
  }),
  sequence({
    id: "trial-ended",
    name: "Trial ended",
    mailClass: "transactional",
    steps: [{ delay: after(0), template: "trial-ended" }],
    exits: [{ when: { field: "subscription.status", op: "eq", value: "active" }, reason: "the customer subscribed" }],
  }),
  sequence({
    id: "cancellation-scheduled",
    name: "Cancellation scheduled",
    mailClass: "transactional",
    steps: [{ delay: after(0), template: "cancellation-scheduled" }],
    exits: [
      {
        when: { field: "subscription.cancelScheduled", op: "eq", value: false },
        reason: "the cancellation was taken back",
      },
    ],
  }),
  sequence({
    id: "win-back",
    name: "Win-back",
    mailClass: "marketing",
    steps: [{ delay: atNine(30), template: "win-back" }],
    exits: [
      {
        when: { field: "customer.stage", op: "not_in", value: ["churned", "win_back"] },
        reason: "the customer is back",
      },
    ],
  }),
]
