import type { Account } from "../account.ts"
import type { PaymentMethod } from "../wire.ts"
import { cardOf } from "./cardOf.ts"

/** Dates the customer's card to the month before the clock's, as if time had passed it by. */
export function expireCard(account: Account, customerId: string): PaymentMethod | null {
  const method = cardOf(account, customerId)
  if (!method?.card) return null
  const last = new Date(account.now() * 1000)
  last.setUTCDate(0)
  const card = { ...method.card, exp_month: last.getUTCMonth() + 1, exp_year: last.getUTCFullYear() }
  return account.change(method, { card }, "payment_method.updated")
}
