import type { Account } from "../account.ts"
import type { CardBehaviour } from "../card.ts"
import { paymentMethod } from "../objects/paymentMethod.ts"
import type { PaymentMethod } from "../wire.ts"
import { updateCustomer } from "./updateCustomer.ts"

/** A new card, which becomes the customer's default. */
export function attachCard(account: Account, customerId: string, behaviour: CardBehaviour): PaymentMethod {
  const customer = account.store.need("customer", customerId)
  const last4 = behaviour === "works" ? "4242" : behaviour === "authentication_required" ? "3184" : "0341"
  const card = paymentMethod({ customer, last4, ...account.stamp() })
  account.bank.set(card.id, behaviour)
  account.add("payment_method", card, "payment_method.attached")
  updateCustomer(account, customerId, {
    invoice_settings: { ...customer.invoice_settings, default_payment_method: card.id },
  })
  return card
}
