import { ownedBy, type Snapshot } from "../snapshot.ts"
import {
  count,
  flag,
  idOf,
  money,
  type Payload,
  part,
  requiredCurrency,
  requiredMoney,
  requiredText,
  requiredTime,
  text,
  time,
} from "./read.ts"

/** An attempt to take money. `outcome.reason` is the decline code where the bank gave one. */
export function readCharge(payload: Payload): Snapshot<"charges"> {
  const id = requiredText(payload, "id")
  const status = requiredText(payload, "status")
  const settled = status !== "pending"
  return {
    table: "charges",
    id,
    owner: ownedBy(idOf(payload, "customer")),
    settled,
    progress: { status: settled ? 1 : 0 },
    row: {
      id,
      invoiceId: idOf(payload, "invoice"),
      paymentIntentId: idOf(payload, "payment_intent"),
      paymentMethodId: idOf(payload, "payment_method"),
      status,
      currency: requiredCurrency(payload),
      amount: requiredMoney(payload, "amount"),
      amountCaptured:
        money(payload, "amount_captured") ?? (flag(payload, "captured") ? requiredMoney(payload, "amount") : 0),
      amountRefunded: money(payload, "amount_refunded") ?? 0,
      disputed: flag(payload, "disputed"),
      failureCode: text(payload, "failure_code"),
      declineCode: status === "failed" ? text(part(payload, "outcome"), "reason") : null,
      failureMessage: text(payload, "failure_message"),
      receiptUrl: text(payload, "receipt_url"),
      createdAt: requiredTime(payload, "created"),
    },
  }
}

const intentRank: Record<string, number> = {
  requires_payment_method: 0,
  requires_confirmation: 1,
  requires_action: 2,
  processing: 3,
  requires_capture: 4,
}

export function readPaymentIntent(payload: Payload): Snapshot<"paymentIntents"> {
  const id = requiredText(payload, "id")
  const status = requiredText(payload, "status")
  const failure = part(payload, "last_payment_error")
  return {
    table: "paymentIntents",
    id,
    owner: ownedBy(idOf(payload, "customer")),
    settled: status === "succeeded" || status === "canceled",
    progress: { status: intentRank[status] ?? 5 },
    row: {
      id,
      invoiceId: idOf(payload, "invoice"),
      status,
      currency: requiredCurrency(payload),
      amount: requiredMoney(payload, "amount"),
      amountReceived: money(payload, "amount_received") ?? 0,
      latestChargeId: idOf(payload, "latest_charge"),
      failureCode: text(failure, "code"),
      declineCode: text(failure, "decline_code"),
      failureMessage: text(failure, "message"),
      createdAt: requiredTime(payload, "created"),
    },
  }
}

const refundRank: Record<string, number> = { pending: 0, requires_action: 1, succeeded: 2, canceled: 3, failed: 3 }

export function readRefund(payload: Payload): Snapshot<"refunds"> {
  const id = requiredText(payload, "id")
  const status = text(payload, "status") ?? "pending"
  return {
    table: "refunds",
    id,
    owner: ownerByPayment(payload),
    settled: status === "failed" || status === "canceled",
    progress: { status: refundRank[status] ?? 0 },
    row: {
      id,
      chargeId: idOf(payload, "charge"),
      paymentIntentId: idOf(payload, "payment_intent"),
      status,
      currency: requiredCurrency(payload),
      amount: requiredMoney(payload, "amount"),
      reason: text(payload, "reason"),
      failureReason: text(payload, "failure_reason"),
      createdAt: requiredTime(payload, "created"),
    },
  }
}

const closedDisputes = new Set(["won", "lost", "warning_closed", "prevented"])

export function readDispute(payload: Payload): Snapshot<"disputes"> {
  const id = requiredText(payload, "id")
  const status = requiredText(payload, "status")
  return {
    table: "disputes",
    id,
    owner: ownerByPayment(payload),
    settled: closedDisputes.has(status),
    progress: { status: status.endsWith("needs_response") ? 0 : 1 },
    row: {
      id,
      chargeId: idOf(payload, "charge"),
      paymentIntentId: idOf(payload, "payment_intent"),
      status,
      reason: text(payload, "reason"),
      currency: requiredCurrency(payload),
      amount: requiredMoney(payload, "amount"),
      evidenceDueBy: time(part(payload, "evidence_details"), "due_by"),
      createdAt: requiredTime(payload, "created"),
    },
  }
}

/** Of an object that hangs on a payment and seldom names the customer itself. */
export function ownerByPayment(payload: Payload) {
  return (
    ownedBy(idOf(payload, "customer")) ??
    ownedBy(idOf(payload, "charge"), "charge") ??
    ownedBy(idOf(payload, "payment_intent"), "paymentIntent")
  )
}

export function readPaymentMethod(payload: Payload): Snapshot<"paymentMethods"> {
  const id = requiredText(payload, "id")
  const card = part(payload, "card")
  return {
    table: "paymentMethods",
    id,
    owner: ownedBy(idOf(payload, "customer")),
    settled: false,
    progress: {},
    row: {
      id,
      type: requiredText(payload, "type"),
      brand: text(card, "brand"),
      last4: text(card, "last4") ?? text(part(payload, "sepa_debit"), "last4"),
      expMonth: count(card, "exp_month"),
      expYear: count(card, "exp_year"),
      createdAt: requiredTime(payload, "created"),
    },
  }
}

export function readInvoicePayment(payload: Payload): Snapshot<"invoicePayments"> {
  const id = requiredText(payload, "id")
  const payment = part(payload, "payment")
  const status = requiredText(payload, "status")
  return {
    table: "invoicePayments",
    id,
    owner: null,
    settled: status === "paid" || status === "canceled",
    progress: {},
    row: {
      id,
      invoiceId: idOf(payload, "invoice") ?? requiredText(payload, "invoice"),
      paymentIntentId: idOf(payment, "payment_intent"),
      chargeId: idOf(payment, "charge"),
      status,
      currency: requiredCurrency(payload),
      amountRequested: requiredMoney(payload, "amount_requested"),
      amountPaid: money(payload, "amount_paid"),
      paidAt: time(part(payload, "status_transitions"), "paid_at"),
    },
  }
}
