import { ownedBy, type Snapshot } from "../snapshot.ts"
import {
  ownerByPayment,
  readCharge,
  readDispute,
  readPaymentIntent,
  readPaymentMethod,
  readRefund,
} from "../stripe/payments.ts"
import { idOf, isTruncated, list, type Payload, part, requiredText, text } from "../stripe/read.ts"
import { type ChangeDraft, type Interpret, type Interpretation, nothing, type TimelineDraft } from "./interpretation.ts"

const charge: Interpret = (event) => {
  const snapshot = readCharge(event.object)
  const { row, id } = snapshot
  const amount = { charge: id, amount: row.amount, currency: row.currency }
  const timeline: TimelineDraft[] = []
  if (row.status === "succeeded" && row.amount > 0) timeline.push({ kind: "payment.succeeded", key: id, data: amount })
  if (row.status === "failed") timeline.push(paymentFailed(id, row))
  const refunds = list(event.object, "refunds").map(tellRefund)
  return {
    ...nothing,
    owner: snapshot.owner,
    snapshots: [snapshot, ...refunds.flatMap((refund) => ({ ...refund.snapshot, owner: snapshot.owner }))],
    timeline: [...timeline, ...refunds.flatMap((refund) => refund.timeline)],
    changes: refunds.flatMap((refund) => refund.changes),
    // Since 2022-11-15 a charge comes without the list of its refunds.
    truncated:
      event.type === "charge.refunded" && (!("refunds" in event.object) || isTruncated(event.object, "refunds"))
        ? [{ field: "refunds", path: `/v1/refunds?charge=${encodeURIComponent(id)}&limit=100` }]
        : [],
  }
}

function paymentFailed(
  id: string,
  row: Pick<Snapshot<"charges">["row"], "amount" | "currency" | "declineCode" | "failureCode" | "failureMessage">,
): TimelineDraft {
  const { amount, currency, declineCode, failureCode, failureMessage } = row
  return { kind: "payment.failed", key: id, data: { amount, currency, declineCode, failureCode, failureMessage } }
}

const paymentIntent: Interpret = (event) => {
  const snapshot = readPaymentIntent(event.object)
  const { row, id } = snapshot
  const timeline: TimelineDraft[] = []
  const attempt = idOf(part(event.object, "last_payment_error"), "charge") ?? row.latestChargeId
  // An attempt that made a charge is told by the charge.
  if (event.type === "payment_intent.payment_failed" && attempt === null)
    timeline.push(paymentFailed(`${id}:${event.createdAt.getTime() / 1000}`, row))
  if (event.type === "payment_intent.requires_action")
    timeline.push({ kind: "payment.action_required", key: id, data: { amount: row.amount, currency: row.currency } })
  return { ...nothing, owner: snapshot.owner, snapshots: [snapshot], timeline: snapshot.owner ? timeline : [] }
}

function tellRefund(payload: Payload): {
  snapshot: Snapshot<"refunds">
  timeline: TimelineDraft[]
  changes: ChangeDraft[]
} {
  const snapshot = readRefund(payload)
  const { row, id } = snapshot
  const data = { amount: row.amount, currency: row.currency }
  const told = (kind: "refund.succeeded" | "refund.failed") => ({
    snapshot,
    timeline: [{ kind, key: id, data: { ...data, charge: row.chargeId, reason: row.failureReason ?? row.reason } }],
    changes: [{ kind, key: id, subjectId: id, subscriptionId: null, invoiceId: null, data }],
  })
  if (row.status === "succeeded") return told("refund.succeeded")
  if (row.status === "failed") return told("refund.failed")
  return { snapshot, timeline: [{ kind: "refund.pending", key: id, data }], changes: [] }
}

const refund: Interpret = (event): Interpretation => {
  const { snapshot, timeline, changes } = tellRefund(event.object)
  return { ...nothing, owner: snapshot.owner, snapshots: [snapshot], timeline, changes }
}

const dispute: Interpret = (event) => {
  const snapshot = readDispute(event.object)
  const { row, id } = snapshot
  const data = { amount: row.amount, currency: row.currency, reason: row.reason }
  const draft = (kind: "dispute.opened" | "dispute.closed", more = {}): ChangeDraft => ({
    kind,
    key: id,
    subjectId: id,
    subscriptionId: null,
    invoiceId: null,
    data: { ...data, ...more },
  })
  const changes =
    event.type === "charge.dispute.created"
      ? [draft("dispute.opened")]
      : event.type === "charge.dispute.closed"
        ? [draft("dispute.closed", { status: row.status })]
        : []
  const moved = event.type.startsWith("charge.dispute.funds_")
    ? [{ kind: event.type.replace("charge.", ""), key: id, data }]
    : []
  return {
    ...nothing,
    owner: snapshot.owner,
    snapshots: [snapshot],
    changes,
    timeline: [...changes.map(({ kind, key, data: told }) => ({ kind, key, data: told })), ...moved],
  }
}

const paymentMethod: Interpret = (event) => {
  const snapshot = readPaymentMethod(event.object)
  const { row, id } = snapshot
  const what = { type: row.type, brand: row.brand, last4: row.last4, expMonth: row.expMonth, expYear: row.expYear }
  const owner = snapshot.owner ?? ownedBy(idOf(event.previous, "customer"))
  const kinds: Record<string, string> = {
    "payment_method.attached": "payment_method.attached",
    "payment_method.detached": "payment_method.detached",
    "payment_method.automatically_updated": "payment_method.updated_by_bank",
    "payment_method.card_automatically_updated": "payment_method.updated_by_bank",
  }
  const kind = kinds[event.type]
  return {
    ...nothing,
    owner,
    snapshots: [snapshot],
    timeline: owner && kind ? [{ kind, key: `${id}:${event.createdAt.getTime() / 1000}`, data: what }] : [],
  }
}

const setupFailed: Interpret = (event) => {
  const owner = ownedBy(idOf(event.object, "customer"))
  const failure = part(event.object, "last_setup_error")
  const data = {
    code: text(failure, "code"),
    declineCode: text(failure, "decline_code"),
    message: text(failure, "message"),
  }
  return { ...nothing, owner, timeline: owner ? [{ kind: "card.refused", key: event.id, data }] : [] }
}

const onPayment =
  (kind: string): Interpret =>
  (event) => ({
    ...nothing,
    owner: ownerByPayment(event.object),
    timeline: [
      {
        kind,
        key: requiredText(event.object, "id"),
        data: { reason: text(event.object, "fraud_type") ?? text(event.object, "reason") },
      },
    ],
  })

const checkout: Interpret = (event) => {
  const owner = ownedBy(idOf(event.object, "customer"))
  const data = { mode: text(event.object, "mode"), subscription: idOf(event.object, "subscription") }
  return {
    ...nothing,
    owner,
    timeline: owner ? [{ kind: "checkout.completed", key: requiredText(event.object, "id"), data }] : [],
  }
}

const setup = "A card that is saved comes as a payment method."

export const paymentEvents: Record<string, Interpret> = {
  "charge.succeeded": charge,
  "charge.failed": charge,
  "charge.pending": charge,
  "charge.captured": charge,
  "charge.expired": charge,
  "charge.updated": charge,
  "charge.refunded": charge,
  "charge.refund.updated": refund,
  "charge.dispute.created": dispute,
  "charge.dispute.updated": dispute,
  "charge.dispute.closed": dispute,
  "charge.dispute.funds_withdrawn": dispute,
  "charge.dispute.funds_reinstated": dispute,
  "refund.created": refund,
  "refund.updated": refund,
  "refund.failed": refund,
  "payment_intent.created": paymentIntent,
  "payment_intent.processing": paymentIntent,
  "payment_intent.requires_action": paymentIntent,
  "payment_intent.payment_failed": paymentIntent,
  "payment_intent.succeeded": paymentIntent,
  "payment_intent.canceled": paymentIntent,
  "payment_intent.amount_capturable_updated": paymentIntent,
  "payment_intent.partially_funded": paymentIntent,
  "payment_method.attached": paymentMethod,
  "payment_method.detached": paymentMethod,
  "payment_method.updated": paymentMethod,
  "payment_method.automatically_updated": paymentMethod,
  "payment_method.card_automatically_updated": paymentMethod,
  "setup_intent.setup_failed": setupFailed,
  "setup_intent.created": setup,
  "setup_intent.succeeded": setup,
  "setup_intent.canceled": setup,
  "setup_intent.requires_action": setup,
  "radar.early_fraud_warning.created": onPayment("fraud.warning"),
  "radar.early_fraud_warning.updated": "The warning itself is recorded.",
  "review.opened": onPayment("review.opened"),
  "review.closed": onPayment("review.closed"),
  "checkout.session.completed": checkout,
}
