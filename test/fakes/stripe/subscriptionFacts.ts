import type { Invoice, Subscription } from "./wire.ts"

export const isEnded = (subscription: { status?: unknown }): boolean =>
  subscription.status === "canceled" || subscription.status === "incomplete_expired"

export const currentPeriodEnd = (subscription: Subscription): number =>
  Math.max(...subscription.items.data.map((item) => item.current_period_end))

export const currentPeriodStart = (subscription: Subscription): number =>
  Math.min(...subscription.items.data.map((item) => item.current_period_start))

export const subscriptionIdOf = (invoice: Invoice): string | null =>
  invoice.parent?.subscription_details?.subscription ?? null
