import { searchSubscriptions } from "../../../shared/billing/searchSubscriptions.ts"
import { searchCustomers } from "../../../shared/customers/searchCustomers.ts"
import { findTicket } from "../../../shared/support/listTickets/findTicket.ts"
import type { AdminContext } from "../adminApp.ts"

export interface SearchHit {
  title: string
  /** What it is, and what tells it from others of the name. */
  note: string
  href: string
}

/** Where the command palette looks: one round trip each, at most ten hits, nothing that the actor may not read. */
type SearchSource = (ctx: AdminContext, query: string) => Promise<SearchHit[]>

/** `#12` is a ticket and nothing else. */
const ticketNumber = /^#(\d{1,15})$/

const tickets: SearchSource = async (ctx, query) => {
  const ticket = await findTicket(ctx, { number: Number(ticketNumber.exec(query)?.[1]) })
  return ticket
    ? [
        {
          title: `#${ticket.number} ${ticket.subject}`,
          note: `${ticket.openerName} · ${ticket.status}`,
          href: `/tickets/${ticket.id}`,
        },
      ]
    : []
}

const everything: SearchSource[] = [
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

/** Where to look for what was typed; nowhere while it is too short to tell anything. */
export const searchSources = (query: string): SearchSource[] =>
  ticketNumber.test(query) ? [tickets] : query.length < 3 ? [] : everything
