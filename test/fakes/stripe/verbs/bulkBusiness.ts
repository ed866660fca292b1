import type { Account } from "../account.ts"
import { customer } from "../objects/customer.ts"
import { subscription } from "../objects/subscription.ts"
import type { Subscription } from "../wire.ts"

const statuses: Subscription["status"][] = ["active", "active", "active", "active", "past_due", "canceled", "trialing"]

/**
 * Customers with a subscription each, from `from` to `to` (seconds since 1970), in bursts: every tenth of them within the
 * second of the one before. For lists of a size; nothing of it was ever told by an event, nor invoiced.
 */
export function bulkBusiness(account: Account, input: { customers: number; from: number; to: number }): void {
  const { customers, from, to } = input
  const { store } = account
  const prices = store.all("price").filter(({ recurring }) => recurring !== null)
  // Nothing falls due while they are listed.
  const due = account.now() + 20 * 86_400
  let created = from
  for (let index = 0; index < customers; index++) {
    // Slowly at first, then faster and faster, as businesses grow.
    if (index % 10 !== 0) created = Math.max(created, Math.floor(from + (to - from) * Math.sqrt(index / customers)))
    const stamp = { ...account.stamp(), created }
    const owner = customer({ ...stamp, email: `bulk${index}@example.com`, name: `Customer ${index}` })
    store.put("customer", owner)
    const price = prices[index % prices.length]
    if (!price) throw new Error("The catalogue has no price to subscribe to.")
    const status = statuses[index % statuses.length] ?? "active"
    const ended = status === "canceled" ? { ended_at: created + 86_400, canceled_at: created + 86_400 } : {}
    const subscribed = subscription({
      ...stamp,
      customer: owner.id,
      items: [{ price, quantity: 1 }],
      status,
      periodEnd: due,
      trialEnd: status === "trialing" ? due : null,
      paymentMethod: null,
      missingPaymentMethod: "create_invoice",
    })
    store.put("subscription", { ...subscribed, ...ended })
  }
}
