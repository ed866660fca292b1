import type { Action, Condition, Rule } from "../ruleSchema.ts"

const always: Condition = { all: [] }

/** A first payment that fails at the checkout is the checkout's to tell; dunning is for invoices that came later. */
const notAtCheckout: Condition = { field: "change.billingReason", op: "ne", value: "subscription_create" }
const bankAsks: Condition = {
  any: [
    { field: "change.requiresAction", op: "eq", value: true },
    { field: "change.declineCode", op: "eq", value: "authentication_required" },
  ],
}

type Enrol = Extract<Action, { do: "enrol" }>

const enrol = (sequence: string, subject: Enrol["subject"]): Enrol => ({ do: "enrol", sequence, subject })

/** Never both about one invoice, whichever comes first. */
const enrolInDunning: Action = { ...enrol("dunning", "invoice"), unlessIn: ["dunning-authentication"] }
const moveToAuthentication: Action[] = [
  { do: "leave", sequence: "dunning", reason: "the bank asks for authentication" },
  enrol("dunning-authentication", "invoice"),
]

const leaveOwnTrial = (sequence: string, reason: string): Action => ({ do: "leave", sequence, reason, all: true })

const rule = (
  id: string,
  name: string,
  changeKind: Rule["changeKind"],
  actions: Action[],
  condition: Condition = always,
): Rule => ({ id, name, changeKind, condition, actions, enabled: true, version: 1 })

export const defaultRules: Rule[] = [
  rule("welcome", "Welcome a new subscriber", "subscription.activated", [
    enrol("welcome", "subscription"),
    enrol("onboarding", "customer"),
  ]),
  rule("dunning", "Tell of a failed payment", "invoice.payment_failed", [enrolInDunning], {
    all: [notAtCheckout, { not: bankAsks }],
  }),
  rule(
    "dunning-authentication-failed",
    "Ask to confirm a payment with the bank (failed attempt)",
    "invoice.payment_failed",
    moveToAuthentication,
    { all: [notAtCheckout, bankAsks] },
  ),
  rule(
    "dunning-authentication",
    "Ask to confirm a payment with the bank",
    "invoice.action_required",
    moveToAuthentication,
    notAtCheckout,
  ),
  rule(
    "dunning-retries-over",
    "Tell staff that Stripe tries a payment no more",
    "invoice.payment_failed",
    [{ do: "notify_staff", message: "The last attempt to collect a payment failed: Stripe will not try again." }],
    {
      all: [
        notAtCheckout,
        { field: "change.attempt", op: "gte", value: 2 },
        { field: "change.nextAttemptAt", op: "not_exists" },
      ],
    },
  ),
  rule(
    "payment-recovered",
    "Thank for a payment after a failure",
    "invoice.recovered",
    [enrol("payment-recovered", "invoice")],
    notAtCheckout,
  ),
  rule("refund-confirmed", "Confirm a refund", "refund.succeeded", [enrol("refund-confirmed", "object")]),
  rule("refund-failed", "Tell staff of a refund that failed", "refund.failed", [
    { do: "leave", sequence: "refund-confirmed", reason: "the refund failed" },
    { do: "notify_staff", message: "A refund failed: the money is back with us and the customer still waits for it." },
  ]),
  rule("trial-ending", "Remind of the end of the trial", "subscription.trial_will_end", [
    enrol("trial-ending", "subscription"),
  ]),
  rule(
    "trial-ended",
    "Tell of a trial that ended",
    "subscription.trial_ended",
    [enrol("trial-ended", "subscription")],
    { field: "change.converted", op: "eq", value: false },
  ),
  rule("own-trial-ending", "Remind of the end of a trial of ours", "trial.ending", [
    enrol("own-trial-ending", "change"),
  ]),
  rule("own-trial-ended", "Tell of a trial of ours that ended", "trial.ended", [
    leaveOwnTrial("own-trial-ending", "the trial is over"),
    enrol("own-trial-ended", "change"),
  ]),
  rule("own-trial-extended", "A trial of ours was made longer", "trial.extended", [
    leaveOwnTrial("own-trial-ending", "the trial was made longer"),
    leaveOwnTrial("own-trial-ended", "the trial was made longer"),
  ]),
  rule("own-trial-converted", "A trial of ours became a customer", "trial.converted", [
    leaveOwnTrial("own-trial-ending", "the customer subscribed"),
    leaveOwnTrial("own-trial-ended", "the customer subscribed"),
  ]),
  rule("cancellation-scheduled", "Confirm a cancellation", "subscription.cancel_scheduled", [
    enrol("cancellation-scheduled", "change"),
  ]),
  rule("win-back", "Win back who left", "subscription.ended", [enrol("win-back", "subscription")]),
  rule("dispute-opened", "Tell staff of a dispute", "dispute.opened", [
    { do: "notify_staff", message: "A customer disputes a charge: answer with evidence before the bank's deadline." },
    { do: "add_tag", tag: "dispute" },
  ]),
]
