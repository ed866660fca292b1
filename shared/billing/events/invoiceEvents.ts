import { ownedBy, type Snapshot } from "../snapshot.ts"
import { readInvoice } from "../stripe/invoice.ts"
import { readInvoicePayment } from "../stripe/payments.ts"
import { currency, idOf, isTruncated, money, requiredText, text } from "../stripe/read.ts"
import {
  type ChangeDraft,
  type Interpret,
  type Interpretation,
  nothing,
  type StripeEvent,
  type TimelineDraft,
} from "./interpretation.ts"

type Row = Snapshot<"invoices">["row"]

function base(event: StripeEvent): Interpretation & { row: Row } {
  const snapshot = readInvoice(event.object)
  const { row, id } = snapshot
  const products = [...new Set(row.lines.flatMap((line) => line.productId ?? []))]
  return {
    ...nothing,
    row,
    owner: snapshot.owner,
    snapshots: [snapshot],
    products: products.length > 0 ? products : null,
    judgedBy: row.subscriptionId,
    truncated: isTruncated(event.object, "lines")
      ? [{ field: "lines", path: `/v1/invoices/${encodeURIComponent(id)}/lines?limit=100` }]
      : [],
  }
}

const change = (row: Row, draft: Pick<ChangeDraft, "kind" | "key" | "data">): ChangeDraft => ({
  ...draft,
  subjectId: row.id,
  subscriptionId: row.subscriptionId,
  invoiceId: row.id,
})

const told = (
  row: Row,
  kind: string,
  key: string,
  amount: number,
  extra: Record<string, unknown> = {},
): TimelineDraft => ({
  kind,
  key,
  data: { invoice: row.id, subscription: row.subscriptionId, amount, currency: row.currency, ...extra },
})

const recorded: Interpret = (event) => base(event)

const finalized: Interpret = (event) => {
  const read = base(event)
  const { row } = read
  return { ...read, timeline: row.total > 0 ? [told(row, "invoice.finalized", row.id, row.total)] : [] }
}

const paid: Interpret = (event) => {
  const read = base(event)
  const { row } = read
  const data = { amount: row.amountPaid, currency: row.currency, billingReason: row.billingReason }
  return {
    ...read,
    timeline: row.amountPaid > 0 ? [told(row, "invoice.paid", row.id, row.amountPaid)] : [],
    changes: [change(row, { kind: "invoice.paid", key: row.id, data })],
  }
}

const paymentFailed: Interpret = (event) => {
  const read = base(event)
  const { row } = read
  const key = `${row.id}:${row.attemptCount}`
  const data = {
    amount: row.amountRemaining,
    currency: row.currency,
    attempt: row.attemptCount,
    nextAttemptAt: row.nextPaymentAttempt?.toISOString() ?? null,
    billingReason: row.billingReason,
    declineCode: null,
  }
  return {
    ...read,
    failedInvoice: row.id,
    timeline: [told(row, "invoice.payment_failed", key, row.amountRemaining, { attempt: row.attemptCount })],
    changes: [change(row, { kind: "invoice.payment_failed", key, data })],
  }
}

const actionRequired: Interpret = (event) => {
  const read = base(event)
  const { row } = read
  const key = `${row.id}:${row.attemptCount}`
  const data = { amount: row.amountRemaining, currency: row.currency, billingReason: row.billingReason }
  return {
    ...read,
    timeline: [told(row, "invoice.action_required", key, row.amountRemaining)],
    changes: [change(row, { kind: "invoice.action_required", key, data })],
  }
}

const closed =
  (kind: "invoice.voided" | "invoice.marked_uncollectible"): Interpret =>
  (event) => {
    const read = base(event)
    return { ...read, timeline: [told(read.row, kind, read.row.id, read.row.total)] }
  }

const creditNote =
  (kind: "credit_note.created" | "credit_note.voided"): Interpret =>
  (event) => {
    const id = requiredText(event.object, "id")
    const data = {
      invoice: idOf(event.object, "invoice"),
      amount: money(event.object, "total") ?? money(event.object, "amount"),
      currency: currency(event.object),
      number: text(event.object, "number"),
    }
    return { ...nothing, owner: ownedBy(idOf(event.object, "customer")), timeline: [{ kind, key: id, data }] }
  }

const invoicePayment: Interpret = (event) => ({ ...nothing, snapshots: [readInvoicePayment(event.object)] })

export const invoiceEvents: Record<string, Interpret> = {
  "invoice.created": recorded,
  "invoice.updated": recorded,
  "invoice.sent": recorded,
  "invoice.overdue": recorded,
  "invoice.overpaid": recorded,
  "invoice.will_be_due": recorded,
  "invoice.finalization_failed": recorded,
  "invoice.finalized": finalized,
  "invoice.paid": paid,
  "invoice.payment_succeeded": paid,
  "invoice.payment_failed": paymentFailed,
  "invoice.payment_action_required": actionRequired,
  "invoice.voided": closed("invoice.voided"),
  "invoice.marked_uncollectible": closed("invoice.marked_uncollectible"),
  "invoice.deleted": "A draft that was thrown away.",
  "invoice.upcoming": "A preview; the invoice itself follows.",
  "invoice_payment.paid": invoicePayment,
  "invoice_payment.detached": invoicePayment,
  "credit_note.created": creditNote("credit_note.created"),
  "credit_note.voided": creditNote("credit_note.voided"),
  "credit_note.updated": "Of a credit note, its issue and its voiding are recorded.",
}
