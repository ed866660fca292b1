import { searchSubscriptions } from "../../../shared/billing/searchSubscriptions.ts"
import { searchCustomers } from "../../../shared/customers/searchCustomers.ts"
import type { AdminContext } from "../adminApp.ts"

export interface SearchHit {
  title: string
  /** What it is, and what tells it from others of the name. */
  note: string
  href: string
}

/** Where the command palette looks: one round trip each, at most ten hits, nothing that the actor may not read. */
export type SearchSource = (ctx: AdminContext, query: string) => Promise<SearchHit[]>

export const searchSources: SearchSource[] = [
  async (ctx, query) =>
    (await searchCustomers(ctx, query)).map(({ id, name, email, stage }) => ({
      title: name ?? email ?? "Without a name",
      note: name && email ? `${email} · ${stage.replaceAll("_", " ")}` : stage.replaceAll("_", " "),
      href: `/customers/${id}`,
    })),
  async (ctx, query) =>
    (await searchSubscriptions(ctx, query)).map(({ id, customerId, status, plan, customer }) => ({
      title: id,
      note: [plan, status.replaceAll("_", " "), customer].filter(Boolean).join(" · "),
      href: `/customers/${customerId}#subscriptions`,
    })),
]
