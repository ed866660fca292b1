import { ownersOf } from "./ownersOf.ts"
import { noSuch } from "./stripeError.ts"
import type { Kind, Stored } from "./wire.ts"

export const kinds: readonly Kind[] = [
  "customer",
  "product",
  "price",
  "tax_rate",
  "coupon",
  "discount",
  "payment_method",
  "subscription",
  "invoice",
  "invoiceitem",
  "invoice_payment",
  "payment_intent",
  "charge",
  "refund",
  "dispute",
]

type Tables = { [K in Kind]: Map<string, Stored[K]> }

export interface StoreState {
  tables: { [K in Kind]: Stored[K][] }
  deleted: [string, string][]
}

/** The objects of an account, oldest first by kind. */
export class Store {
  private readonly tables: Tables = {
    customer: new Map(),
    product: new Map(),
    price: new Map(),
    tax_rate: new Map(),
    coupon: new Map(),
    discount: new Map(),
    payment_method: new Map(),
    subscription: new Map(),
    invoice: new Map(),
    invoiceitem: new Map(),
    invoice_payment: new Map(),
    payment_intent: new Map(),
    charge: new Map(),
    refund: new Map(),
    dispute: new Map(),
  }
  private readonly deleted = new Map<string, string>()
  /** Ids by kind and owner, as `invoice cus_1`. */
  private readonly owned = new Map<string, string[]>()

  get<K extends Kind>(kind: K, id: string | null | undefined): Stored[K] | undefined {
    return id ? this.tables[kind].get(id) : undefined
  }

  /** Throws `resource_missing`. */
  need<K extends Kind>(kind: K, id: string | null | undefined, param?: string): Stored[K] {
    const object = this.get(kind, id)
    if (!object) throw noSuch(kind, id ?? "", param)
    return object
  }

  all<K extends Kind>(kind: K): Stored[K][] {
    return [...this.tables[kind].values()]
  }

  /** Those that belong to a customer, subscription, invoice or charge, oldest first. */
  ownedBy<K extends Kind>(owner: string | null | undefined, kind: K): Stored[K][] {
    const ids = this.owned.get(`${kind} ${owner}`) ?? []
    return ids.flatMap((id) => this.tables[kind].get(id) ?? [])
  }

  put<K extends Kind>(kind: K, object: Stored[K]): void {
    this.tables[kind].set(object.id, object)
    for (const owner of ownersOf(object)) {
      const key = `${kind} ${owner}`
      const ids = this.owned.get(key)
      if (ids) ids.push(object.id)
      else this.owned.set(key, [object.id])
    }
  }

  delete(kind: Kind, id: string): void {
    this.tables[kind].delete(id)
    this.deleted.set(id, kind)
  }

  /** What Stripe answers for an object that was deleted. */
  tombstone(id: string): { id: string; object: string; deleted: true } | undefined {
    const kind = this.deleted.get(id)
    return kind ? { id, object: kind, deleted: true } : undefined
  }

  /** An object of whatever kind. */
  find(id: string): Stored[Kind] | undefined {
    for (const kind of kinds) {
      const object = this.tables[kind].get(id)
      if (object) return object
    }
    return undefined
  }

  clear(): void {
    for (const kind of kinds) this.tables[kind].clear()
    this.deleted.clear()
    this.owned.clear()
  }

  save(): StoreState {
    const { tables } = this
    return {
      tables: {
        customer: [...tables.customer.values()],
        product: [...tables.product.values()],
        price: [...tables.price.values()],
        tax_rate: [...tables.tax_rate.values()],
        coupon: [...tables.coupon.values()],
        discount: [...tables.discount.values()],
        payment_method: [...tables.payment_method.values()],
        subscription: [...tables.subscription.values()],
        invoice: [...tables.invoice.values()],
        invoiceitem: [...tables.invoiceitem.values()],
        invoice_payment: [...tables.invoice_payment.values()],
        payment_intent: [...tables.payment_intent.values()],
        charge: [...tables.charge.values()],
        refund: [...tables.refund.values()],
        dispute: [...tables.dispute.values()],
      },
      deleted: [...this.deleted],
    }
  }

  restore(state: StoreState): void {
    this.clear()
    for (const kind of kinds) this.restoreTable(kind, state.tables[kind])
    for (const [id, kind] of state.deleted) this.deleted.set(id, kind)
  }

  private restoreTable<K extends Kind>(kind: K, objects: Stored[K][]): void {
    for (const object of objects) this.put(kind, object)
  }
}
