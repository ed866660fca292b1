import type { Account } from "../account.ts"
import { listOf } from "../list.ts"
import { present } from "../present.ts"
import { StripeError } from "../stripeError.ts"
import { isEnded } from "../subscriptionFacts.ts"

type Hash = Record<string, unknown>
const isHash = (value: unknown): value is Hash => typeof value === "object" && value !== null && !Array.isArray(value)

/** Puts objects in place of their ids along dotted paths such as `data.customer` or `latest_invoice.payments`. */
export function expand(account: Account, answer: Hash, paths: string[]): Hash {
  for (const path of paths) {
    if (path.split(".").length > 4)
      throw new StripeError(400, `You cannot expand more than 4 levels of a property (${path}).`)
    expandInto(account, answer, path.split("."), path)
  }
  return answer
}

function expandInto(account: Account, holder: unknown, [key, ...rest]: string[], path: string): void {
  if (key === undefined) return
  if (Array.isArray(holder)) {
    for (const each of holder) expandInto(account, each, [key, ...rest], path)
    return
  }
  if (!isHash(holder)) return
  const value = holder[key] ?? included(account, holder, key)
  if (value === undefined)
    throw new StripeError(400, `This property cannot be expanded (${path}).`, { param: "expand" })
  const found = Array.isArray(value) ? value.map((each) => lookUp(account, each)) : lookUp(account, value)
  holder[key] = found
  expandInto(account, found, rest, path)
}

function lookUp(account: Account, value: unknown): unknown {
  if (typeof value !== "string") return value
  const object = account.store.find(value) ?? account.store.tombstone(value)
  return object ? present({ ...object }) : value
}

/** Lists that an object shows only when asked. */
function included(account: Account, holder: Hash, key: string): unknown {
  const { store } = account
  const first = <Item>(items: Item[], url: string) => listOf(items.slice(0, 10), url, items.length > 10)
  switch (`${String(holder.object)}.${key}`) {
    case "invoice.payments": {
      const payments = store.ownedBy(String(holder.id), "invoice_payment")
      return structuredClone(first(payments, `/v1/invoice_payments?invoice=${String(holder.id)}`))
    }
    case "charge.refunds": {
      const refunds = store.ownedBy(String(holder.id), "refund")
      return structuredClone(first(refunds, `/v1/charges/${String(holder.id)}/refunds`))
    }
    case "customer.subscriptions": {
      const running = store.ownedBy(String(holder.id), "subscription").filter((each) => !isEnded(each))
      return structuredClone(first(running, `/v1/customers/${String(holder.id)}/subscriptions`))
    }
    case "customer.tax_ids":
      return first([], `/v1/customers/${String(holder.id)}/tax_ids`)
    default:
      return holder[key]
  }
}
