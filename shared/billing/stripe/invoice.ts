import type { InvoiceLine, InvoiceTax } from "../../db/schema/billing.ts"
import { ownedBy, type Snapshot } from "../snapshot.ts"
import { readDiscounts } from "./discounts.ts"
import {
  count,
  flag,
  idOf,
  list,
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

const statusRank: Record<string, number> = { draft: 0, open: 1, uncollectible: 2, void: 3, paid: 3 }

/**
 * An invoice. Since 2025-03-31 the subscription stands below `parent`, taxes are `total_taxes`, a line's price is below
 * `pricing`, and `paid`, `charge` and `payment_intent` are gone.
 */
export function readInvoice(payload: Payload): Snapshot<"invoices"> {
  const id = requiredText(payload, "id")
  const status = text(payload, "status") ?? "draft"
  const attempts = count(payload, "attempt_count") ?? 0
  const transitions = part(payload, "status_transitions")
  const taxes = readTaxes(payload)
  return {
    table: "invoices",
    id,
    owner: ownedBy(idOf(payload, "customer")),
    settled: status === "paid" || status === "void",
    progress: { status: statusRank[status] ?? 0, attempts },
    row: {
      id,
      subscriptionId: invoiceSubscription(payload),
      number: text(payload, "number"),
      status,
      currency: requiredCurrency(payload),
      subtotal: requiredMoney(payload, "subtotal"),
      total: requiredMoney(payload, "total"),
      totalExcludingTax: money(payload, "total_excluding_tax"),
      tax: money(payload, "tax") ?? taxes.reduce((sum, tax) => sum + tax.amount, 0),
      amountDue: requiredMoney(payload, "amount_due"),
      amountPaid: requiredMoney(payload, "amount_paid"),
      amountRemaining: requiredMoney(payload, "amount_remaining"),
      attemptCount: attempts,
      nextPaymentAttempt: time(payload, "next_payment_attempt"),
      billingReason: text(payload, "billing_reason"),
      hostedInvoiceUrl: text(payload, "hosted_invoice_url"),
      dueAt: time(payload, "due_date"),
      periodStart: time(payload, "period_start"),
      periodEnd: time(payload, "period_end"),
      finalizedAt: time(transitions, "finalized_at"),
      paidAt: time(transitions, "paid_at"),
      voidedAt: time(transitions, "voided_at"),
      lines: list(payload, "lines").map(readLine),
      taxes,
      discounts: readDiscounts(payload),
      createdAt: requiredTime(payload, "created"),
    },
  }
}

function invoiceSubscription(payload: Payload): string | null {
  return (
    idOf(payload, "subscription") ??
    idOf(part(part(payload, "parent"), "subscription_details"), "subscription") ??
    list(payload, "lines")
      .map((line) => idOf(line, "subscription"))
      .find((id) => id !== null) ??
    null
  )
}

function readLine(line: Payload): InvoiceLine {
  const details = part(part(line, "pricing"), "price_details")
  const price = part(line, "price")
  const parent = part(line, "parent")
  const period = part(line, "period")
  return {
    id: requiredText(line, "id"),
    description: text(line, "description"),
    amount: requiredMoney(line, "amount"),
    quantity: count(line, "quantity"),
    priceId: idOf(details, "price") ?? idOf(line, "price") ?? idOf(line, "plan"),
    productId: idOf(details, "product") ?? idOf(price, "product") ?? idOf(part(line, "plan"), "product"),
    proration:
      flag(line, "proration") ||
      flag(part(parent, "subscription_item_details"), "proration") ||
      flag(part(parent, "invoice_item_details"), "proration"),
    periodStart: time(period, "start")?.toISOString() ?? null,
    periodEnd: time(period, "end")?.toISOString() ?? null,
  }
}

function readTaxes(payload: Payload): InvoiceTax[] {
  const current = list(payload, "total_taxes")
  if (current.length > 0)
    return current.map((tax) => ({
      amount: requiredMoney(tax, "amount"),
      taxableAmount: money(tax, "taxable_amount"),
      inclusive: text(tax, "tax_behavior") === "inclusive",
      rateId: idOf(part(tax, "tax_rate_details"), "tax_rate"),
      taxabilityReason: text(tax, "taxability_reason"),
    }))
  return list(payload, "total_tax_amounts").map((tax) => ({
    amount: requiredMoney(tax, "amount"),
    taxableAmount: money(tax, "taxable_amount"),
    inclusive: flag(tax, "inclusive"),
    rateId: idOf(tax, "tax_rate"),
    taxabilityReason: text(tax, "taxability_reason"),
  }))
}
