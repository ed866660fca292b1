import type { Account } from "../account.ts"
import { type CustomerInput, customer } from "../objects/customer.ts"
import type { Customer } from "../wire.ts"

export function createCustomer(account: Account, input: CustomerInput): Customer {
  return account.add("customer", customer({ ...input, ...account.stamp() }), "customer.created")
}
