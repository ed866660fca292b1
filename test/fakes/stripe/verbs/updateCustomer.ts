import type { Account } from "../account.ts"
import type { Customer } from "../wire.ts"

export function updateCustomer(account: Account, id: string, fields: Partial<Customer>): Customer {
  return account.change(account.store.need("customer", id), fields, "customer.updated")
}
