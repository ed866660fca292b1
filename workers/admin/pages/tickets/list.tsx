import { priorities, ticketSources, ticketStatuses } from "../../../../shared/db/schema/support.ts"
import type { ListedTicket } from "../../../../shared/support/listTickets/listedTicket.ts"
import { listTickets } from "../../../../shared/support/listTickets/listTickets.ts"
import { ticketFilter } from "../../../../shared/support/listTickets/ticketFilter.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { EmptyState } from "../../components/emptyState.tsx"
import { Field, Select, TextInput } from "../../components/field.tsx"
import { Filters } from "../../components/filters.tsx"
import { page } from "../../components/page.tsx"
import { Pager } from "../../components/pager.tsx"
import { type Column, Table } from "../../components/table.tsx"
import { Time } from "../../components/time.tsx"
import { address } from "../address.ts"
import { TicketMarks, TicketState } from "./ticketBadges.tsx"
import { TicketTabs } from "./ticketTabs.tsx"

const named = (values: readonly string[]) => values.map((value) => ({ value, label: value }))
const choices = (values: { id: string; name: string }[]) => values.map(({ id, name }) => ({ value: id, label: name }))

/** Every ticket, by whatever is asked in the address. */
export async function showList(c: AdminRequest) {
  const filter = ticketFilter.parse(c.req.query())
  const after = c.req.query("after")
  const list = await listTickets(c.get("ctx"), { filter, after })
  return page(
    c,
    { title: "All tickets", trail: [{ label: "Tickets", href: "/tickets" }] },
    <>
      <TicketTabs current="/tickets/list" />
      <Filters action="/tickets/list" label="Filter tickets">
        <Field label="Search" name="q">
          <TextInput name="q" type="search" value={filter.q} placeholder="#12, opener, customer, text" />
        </Field>
        <Field label="Status" name="status">
          <Select
            name="status"
            value={filter.status}
            options={[{ value: "active", label: "not closed" }, ...named(ticketStatuses)]}
            empty="Any"
          />
        </Field>
        <Field label="Waiting for" name="owes">
          <Select
            name="owes"
            value={filter.owes}
            options={[
              { value: "us", label: "Us" },
              { value: "customer", label: "The customer" },
            ]}
            empty="Any"
          />
        </Field>
        <Field label="Category" name="category">
          <Select name="category" value={filter.category} options={choices(list.categories)} empty="Any" />
        </Field>
        <Field label="Priority" name="priority">
          <Select name="priority" value={filter.priority} options={named(priorities)} empty="Any" />
        </Field>
        <Field label="Claimed by" name="claimed">
          <Select
            name="claimed"
            value={filter.claimed}
            options={[{ value: "me", label: "Me" }, { value: "nobody", label: "Nobody" }, ...choices(list.claimers)]}
            empty="Anybody"
          />
        </Field>
        <Field label="Source" name="source">
          <Select name="source" value={filter.source} options={named(ticketSources)} empty="Any" />
        </Field>
        <Field label="Overdue" name="overdue">
          <Select
            name="overdue"
            value={filter.overdue}
            options={[{ value: "yes", label: "Only overdue" }]}
            empty="Any"
          />
        </Field>
        <Field label="Trouble" name="trouble">
          <Select
            name="trouble"
            value={filter.trouble}
            options={[{ value: "yes", label: "Failed or stuck" }]}
            empty="Any"
          />
        </Field>
        <Field label="Opener" name="opener">
          <TextInput name="opener" value={filter.opener} placeholder="Discord id or e-mail" />
        </Field>
        <Field label="Order" name="sort">
          <Select
            name="sort"
            value={filter.sort ?? "-opened"}
            options={[
              { value: "-opened", label: "Newest first" },
              { value: "opened", label: "Oldest first" },
            ]}
          />
        </Field>
        {filter.customer && <input type="hidden" name="customer" value={filter.customer} />}
      </Filters>
      <div id="results">
        {list.tickets.length > 0 ? (
          <>
            <Table label="Tickets" rows={list.tickets} columns={columns} />
            <Pager
              shown={list.tickets.length}
              first={after ? address("/tickets/list", filter) : null}
              next={list.next ? address("/tickets/list", { ...filter, after: list.next }) : null}
            />
          </>
        ) : (
          <EmptyState title="No ticket fits">
            {filter.q && filter.q.length < 3 && !/\d/.test(filter.q)
              ? "A search takes three characters or more, or a number."
              : "Take a filter away, or clear them all."}
          </EmptyState>
        )}
      </div>
    </>,
  )
}

const columns: Column<ListedTicket>[] = [
  {
    head: "Ticket",
    cell: (ticket) => (
      <>
        <a href={`/tickets/${ticket.id}`}>
          #{ticket.number} {ticket.subject}
        </a>
        {ticket.error && <div class="hint bad">{ticket.error}</div>}
      </>
    ),
  },
  {
    head: "State",
    cell: (ticket) => (
      <div class="marks">
        <TicketState ticket={ticket} />
        <TicketMarks ticket={ticket} />
      </div>
    ),
  },
  {
    head: "From",
    text: true,
    cell: ({ customerId, customer, openerName, source }) => (
      <>
        {customerId ? <a href={`/customers/${customerId}`}>{customer}</a> : openerName}
        <div class="hint">{customerId ? `${openerName}, ${source}` : source}</div>
      </>
    ),
  },
  { head: "Category", cell: ({ category }) => category },
  { head: "Claimed by", text: true, cell: ({ claimedBy }) => claimedBy ?? "–" },
  {
    head: "Opened",
    cell: ({ openedAt, lastMessageAt }) => (
      <>
        <Time at={openedAt} />
        <div class="hint">
          last word <Time at={lastMessageAt} />
        </div>
      </>
    ),
  },
]
