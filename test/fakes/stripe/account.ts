import type { CardBehaviour } from "./card.ts"
import { Clock } from "./clock.ts"
import { difference } from "./difference.ts"
import type { EventLog } from "./eventLog.ts"
import { present } from "./present.ts"
import { Store } from "./store.ts"
import type { Kind, Stored } from "./wire.ts"

export interface BillingSettings {
  /** Days after the first failure at which an open invoice is tried again. */
  retryDays: number[]
  /** What becomes of the subscription after the last retry. */
  afterRetries: "cancel" | "unpaid" | "past_due"
  /** Days before a renewal at which `invoice.upcoming` is sent; 0 for never. */
  upcomingDays: number
}

export const defaultBilling: BillingSettings = {
  retryDays: [1, 3, 5, 7, 9, 11, 13, 14],
  afterRetries: "cancel",
  upcomingDays: 0,
}

export interface AccountOptions {
  log: EventLog
  hostedUrl: (invoiceId: string) => string
  wall: () => Date
  livemode?: boolean | undefined
  billing?: Partial<BillingSettings> | undefined
}

/** One Stripe account: its objects, its clock, what its customers' banks will say, and how it tells of changes. */
export class Account {
  readonly store = new Store()
  readonly clock: Clock
  readonly log: EventLog
  readonly billing: BillingSettings
  readonly livemode: boolean
  readonly hostedUrl: (invoiceId: string) => string
  /** By payment method. */
  readonly bank = new Map<string, CardBehaviour>()
  /** Subscription and end of the period (or trial) that has been announced. */
  readonly announced = new Map<string, number>()
  /** First failure of an open invoice. */
  readonly failedSince = new Map<string, number>()

  constructor(options: AccountOptions) {
    this.log = options.log
    this.clock = new Clock(options.wall)
    this.livemode = options.livemode ?? false
    this.hostedUrl = options.hostedUrl
    this.billing = { ...defaultBilling, ...options.billing }
  }

  now(): number {
    return this.clock.now()
  }

  /** What every new object carries. */
  stamp(): { created: number; livemode: boolean } {
    return { created: this.now(), livemode: this.livemode }
  }

  add<K extends Kind>(kind: K, object: Stored[K], type?: string): Stored[K] {
    this.store.put(kind, object)
    if (type) this.tell(type, object)
    return object
  }

  tell(type: string, object: Record<string, unknown>): void {
    this.log.add(type, object, this.now())
  }

  /** Does work that changes an object in several places, and tells of it once. */
  around<Item extends Stored[Kind], Result>(object: Item, type: string, work: () => Result): Result {
    const before = present(object)
    const result = work()
    const previous = difference(before, present(object))
    if (previous) this.log.add(type, object, this.now(), previous)
    return result
  }

  /** Changes fields and tells it with what they were before; a change of nothing is not told. */
  change<Item extends Stored[Kind]>(object: Item, fields: Partial<Item>, type: string): Item {
    return this.around(object, type, () => Object.assign(object, fields))
  }
}
