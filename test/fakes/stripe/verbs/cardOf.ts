import type { Account } from "../account.ts"
import type { CardBehaviour } from "../card.ts"
import type { PaymentMethod, Subscription } from "../wire.ts"

/** The card that is charged: the subscription's, else the customer's default. */
export function cardOf(account: Account, customerId: string, subscription?: Subscription): PaymentMethod | undefined {
  const { store } = account
  const fallback = store.get("customer", customerId)?.invoice_settings.default_payment_method
  return store.get("payment_method", subscription?.default_payment_method) ?? store.get("payment_method", fallback)
}

/** What the bank says when this card is charged now. */
export function bankAnswer(account: Account, method: PaymentMethod): CardBehaviour {
  const { exp_month: month, exp_year: year } = method.card ?? { exp_month: 12, exp_year: 9999 }
  if (Date.UTC(year, month, 1) / 1000 <= account.now()) return "expired_card"
  return account.bank.get(method.id) ?? "works"
}
