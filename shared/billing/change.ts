/** Every kind of change that a rule can react to. */
export const changeKinds = [
  "customer.created",
  "subscription.created",
  "subscription.trial_started",
  "subscription.trial_will_end",
  "subscription.trial_ended",
  "subscription.activated",
  "subscription.plan_changed",
  "subscription.past_due",
  "subscription.cancel_scheduled",
  "subscription.cancel_unscheduled",
  "subscription.paused",
  "subscription.resumed",
  "subscription.ended",
  "invoice.paid",
  "invoice.payment_failed",
  "invoice.action_required",
  "invoice.recovered",
  "refund.succeeded",
  "refund.failed",
  "dispute.opened",
  "dispute.closed",
  // Of trials that are ours, not Stripe's: shared/crm/trials.
  "trial.started",
  "trial.ending",
  "trial.extended",
  "trial.ended",
  "trial.converted",
  // Of tickets, of whom they are a customer's: shared/support/announceTickets.ts.
  "ticket.opened",
  "ticket.closed",
  "ticket.reopened",
  "ticket.rated",
] as const
export type ChangeKind = (typeof changeKinds)[number]

export type ChangeData = Record<string, string | number | boolean | null>

/** Something that happened to a customer, once: `key` is the same however often and by whichever event it is told. */
export interface Change {
  kind: ChangeKind
  /** `<kind>:<subject>[:<occurrence>]`, for example `invoice.payment_failed:in_1:2`. */
  key: string
  /** When it happened, by Stripe's clock where Stripe tells it, never later than when we learnt of it. */
  occurredAt: Date
  eventId: string | null
  customerId: string
  /** What it happened to: subscription, invoice, refund, dispute, trial or customer id. */
  subjectId: string
  subscriptionId: string | null
  invoiceId: string | null
  data: ChangeData
}
