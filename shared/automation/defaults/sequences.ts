import type { Condition } from "../ruleSchema.ts"
import type { Delay, Sequence, Step } from "../sequenceSchema.ts"

const atOnce: Delay = { after: 0 }
const days = (count: number): Delay => ({ after: count * 24 * 60 })
const atNineAfterDays = (count: number): Delay => ({ at: "09:00", days: count })
const step = (delay: Delay, template: string): Step => ({ delay, template })

// Conditions name what has to be there: `ne` and `not_in` also hold while the object has not been seen.
const subscriptionIs = (...statuses: string[]): Condition => ({
  field: "subscription.status",
  op: "in",
  value: statuses,
})

const ended = { when: subscriptionIs("canceled", "incomplete_expired"), reason: "the subscription has ended" }
const subscribed = {
  when: { field: "customer.stage", op: "in" as const, value: ["purchase", "onboarding", "active", "at_risk"] },
  reason: "the customer subscribed",
}
const settled = {
  when: { field: "invoice.status", op: "in" as const, value: ["paid", "void", "uncollectible"] },
  reason: "the invoice is settled",
}

const sequence = (
  source: Pick<Sequence, "id" | "name" | "steps"> & Partial<Pick<Sequence, "mailClass" | "exits">>,
): Sequence => ({
  mailClass: "transactional",
  exits: [],
  staleAfterHours: 48,
  enabled: true,
  version: 1,
  ...source,
})

export const defaultSequences: Sequence[] = [
  sequence({
    id: "welcome",
    name: "Welcome",
    steps: [step(atOnce, "welcome")],
    exits: [ended],
  }),
  sequence({
    id: "onboarding",
    name: "Onboarding",
    mailClass: "marketing",
    steps: [
      step(days(1), "setup-tips"),
      step(days(2), "onboarding-day-2"),
      step(days(4), "onboarding-day-4"),
      step(days(7), "onboarding-day-7"),
    ],
    exits: [ended],
  }),
  sequence({
    id: "dunning",
    name: "Dunning",
    steps: [
      step(atOnce, "payment-failed"),
      step(days(3), "payment-update-card"),
      step(days(7), "payment-final-notice"),
      step(days(10), "payment-last-notice"),
    ],
    exits: [settled, ended],
  }),
  sequence({
    id: "dunning-authentication",
    name: "Dunning: the bank asks for authentication",
    steps: [
      step(atOnce, "payment-authentication"),
      step(days(3), "payment-authentication-reminder"),
      step(days(7), "payment-authentication-final"),
      step(days(10), "payment-authentication-last"),
    ],
    exits: [settled, ended],
  }),
  sequence({
    id: "payment-recovered",
    name: "Payment recovered",
    steps: [step(atOnce, "payment-recovered")],
  }),
  sequence({
    id: "refund-confirmed",
    name: "Refund confirmed",
    steps: [step(atOnce, "refund-confirmed")],
  }),
  sequence({
    id: "trial-ending",
    name: "Trial ending",
    steps: [step(atOnce, "trial-ending")],
    exits: [
      {
        when: subscriptionIs("active", "past_due", "unpaid", "paused", "canceled", "incomplete_expired"),
        reason: "the trial is over",
      },
    ],
  }),
  sequence({
    id: "trial-ended",
    name: "Trial ended",
    steps: [step(atOnce, "trial-ended")],
    exits: [
      { when: subscriptionIs("active"), reason: "the customer subscribed" },
      { when: subscriptionIs("past_due", "unpaid"), reason: "the first payment is being collected" },
    ],
  }),
  sequence({
    id: "own-trial-ending",
    name: "Trial of ours ending",
    steps: [step(atOnce, "own-trial-ending"), step(days(2), "own-trial-last-day")],
    exits: [subscribed],
  }),
  sequence({
    id: "own-trial-ended",
    name: "Trial of ours ended",
    steps: [step(atOnce, "own-trial-ended")],
    exits: [subscribed],
  }),
  sequence({
    id: "cancellation-scheduled",
    name: "Cancellation scheduled",
    steps: [step(atOnce, "cancellation-scheduled")],
    exits: [
      ended,
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
    steps: [step(atNineAfterDays(30), "win-back")],
    exits: [
      {
        when: { field: "customer.stage", op: "not_in", value: ["churned", "win_back"] },
        reason: "the customer is back, or never paid",
      },
      { when: { field: "customer.tags", op: "contains", value: "dispute" }, reason: "the customer disputed a payment" },
    ],
  }),
]
