import type { Account } from "../account.ts"
import { taxRateId, vatRates } from "../objects/taxRate.ts"
import type { Customer, Invoice, InvoiceLine, Subscription } from "../wire.ts"

type Amounts = Pick<
  Invoice,
  | "subtotal"
  | "total"
  | "total_taxes"
  | "total_discount_amounts"
  | "total_excluding_tax"
  | "total_pretax_credit_amounts"
  | "discounts"
>

/** Discounts and VAT of each line (written into it) and of the whole. */
export function invoiceAmounts(
  account: Account,
  input: { lines: InvoiceLine[]; customer: Customer; subscription: Subscription },
): Amounts {
  const { lines } = input
  const subtotal = sum(lines.map((line) => line.amount))
  const discountId = discountLines(account, lines, input.subscription)
  const off = sum(lines.map((line) => line.discount_amounts?.[0]?.amount ?? 0))
  const country = input.customer.address?.country ?? ""
  const basisPoints = vatRates[country]
  const reverse = input.customer.tax_exempt === "reverse"
  if (basisPoints !== undefined && input.customer.tax_exempt !== "exempt")
    for (const line of lines) line.taxes = [lineTax(line, country, reverse ? 0 : basisPoints, reverse)]
  const tax = sum(lines.map((line) => line.taxes?.[0]?.amount ?? 0))
  const taxable = sum(lines.map((line) => line.taxes?.[0]?.taxable_amount ?? 0))
  const [sample] = lines[0]?.taxes ?? []
  return {
    subtotal,
    total: subtotal - off + tax,
    total_excluding_tax: subtotal - off,
    total_taxes: sample ? [{ ...sample, amount: tax, taxable_amount: taxable }] : [],
    total_discount_amounts: discountId ? [{ amount: off, discount: discountId }] : [],
    total_pretax_credit_amounts: discountId ? [{ amount: off, discount: discountId, type: "discount" }] : [],
    discounts: discountId ? [discountId] : [],
  }
}

const sum = (amounts: number[]): number => amounts.reduce((total, amount) => total + amount, 0)

function lineTax(line: InvoiceLine, country: string, basisPoints: number, reverse: boolean) {
  const taxable = line.amount - (line.discount_amounts?.[0]?.amount ?? 0)
  return {
    amount: Math.round((taxable * basisPoints) / 10_000),
    tax_behavior: "exclusive",
    tax_rate_details: { tax_rate: taxRateId(country) },
    taxability_reason: reverse ? "reverse_charge" : "standard_rated",
    taxable_amount: taxable,
    type: "tax_rate_details" as const,
  }
}

function discountLines(account: Account, lines: InvoiceLine[], subscription: Subscription): string | null {
  const discount = account.store.get("discount", subscription.discounts[0])
  const coupon = account.store.get("coupon", discount?.source.coupon)
  if (!discount || !coupon) return null
  const discountable = lines.filter((line) => line.discountable && line.amount > 0)
  let left = coupon.amount_off ?? 0
  for (const line of discountable) {
    const amount =
      coupon.percent_off === null ? Math.min(left, line.amount) : Math.round((line.amount * coupon.percent_off) / 100)
    left -= amount
    line.discounts = [discount.id]
    line.discount_amounts = [{ amount, discount: discount.id }]
    line.pretax_credit_amounts = [{ amount, discount: discount.id, type: "discount" }]
  }
  return discount.id
}
