import type { Discount } from "../db/schema/billing.ts"

interface Priced {
  quantity: number | null
  currency: string | null
  unitAmount: number | null
  unitAmountDecimal: string | null
  interval: string | null
  intervalCount: number | null
  usageType: string | null
  discounts: Discount[]
}

/** Months in one interval of a price; weeks and days by the year of 52 weeks or 365 days. */
const months: Record<string, number> = { month: 1, year: 12, week: 12 / 52, day: 12 / 365 }

/** What counts: Stripe's glossary of billing analytics, "MRR": active and past due, no trials. */
const counted = new Set(["active", "past_due"])

/**
 * Monthly recurring revenue of one subscription by currency, in minor units, rounded half up: list price times quantity,
 * normalised to a month, less discounts that last forever. Metered items, taxes and finite discounts do not count.
 */
export function mrrOf(
  subscription: { status: string; relevant: boolean; discounts: Discount[] },
  items: Priced[],
): Map<string, number> {
  const sums = new Map<string, number>()
  if (!subscription.relevant || !counted.has(subscription.status)) return sums
  for (const item of items) {
    const inMonths = (months[item.interval ?? ""] ?? 0) * (item.intervalCount ?? 1)
    if (inMonths === 0 || item.currency === null || item.usageType === "metered") continue
    const listed = Number(item.unitAmountDecimal ?? item.unitAmount ?? 0) * (item.quantity ?? 1)
    const monthly = lessForever(listed, item.currency, item.discounts) / inMonths
    sums.set(item.currency, (sums.get(item.currency) ?? 0) + monthly)
  }
  for (const [currency, sum] of sums) {
    // An amount off the whole subscription is taken from each of its invoices, which come at its items' interval.
    const inMonths = (months[items[0]?.interval ?? ""] ?? 1) * (items[0]?.intervalCount ?? 1)
    sums.set(currency, Math.round(lessForever(sum * inMonths, currency, subscription.discounts) / inMonths))
  }
  return sums
}

function lessForever(amount: number, currency: string, discounts: Discount[]): number {
  let left = amount
  for (const { duration, percentOff, amountOff, currency: of } of discounts) {
    if (duration !== "forever") continue
    if (percentOff !== null) left *= 1 - percentOff / 100
    else if (amountOff !== null && of === currency) left -= amountOff
  }
  return Math.max(0, left)
}
