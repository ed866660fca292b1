import * as z from "zod/mini"
import type { ListedTicket } from "../../../../shared/support/listTickets/listedTicket.ts"
import { type BoardColumn, ticketBoard } from "../../../../shared/support/listTickets/ticketBoard.ts"
import { ticketFilter } from "../../../../shared/support/listTickets/ticketFilter.ts"
import { uuidFrom } from "../../../../shared/support/uuidFrom.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { Field, Select } from "../../components/field.tsx"
import { Filters } from "../../components/filters.tsx"
import { LiveState } from "../../components/liveState.tsx"
import { page } from "../../components/page.tsx"
import { Time } from "../../components/time.tsx"
import { address } from "../address.ts"
import { TicketMarks } from "./ticketBadges.tsx"
import { TicketTabs } from "./ticketTabs.tsx"

const boardFilter = z.pick(ticketFilter, { category: true, claimed: true })

const titles: Record<BoardColumn["key"], { title: string; empty: string }> = {
  us: { title: "Waiting for us", empty: "Nobody waits for an answer" },
  customer: { title: "Waiting for the customer", empty: "No customer owes an answer" },
  trouble: { title: "Failed or stuck", empty: "Nothing has failed" },
  closed: { title: "Closed lately", empty: "None in the last 7 days" },
}

/** What there is to do, by who is to do it. */
export async function showBoard(c: AdminRequest) {
  const chosen = boardFilter.parse(c.req.query())
  const { columns, categories } = await ticketBoard(c.get("ctx"), chosen)
  const version = await uuidFrom(JSON.stringify(columns))
  // A board that is open asks again and again: mostly nothing has changed.
  if (c.req.query("seen") === version && c.req.header("hx-request")) return c.body(null, 204)
  return page(
    c,
    { title: "Tickets" },
    <>
      <TicketTabs current="/tickets" />
      <Filters action="/tickets" label="Filter the board">
        <Field label="Category" name="category">
          <Select
            name="category"
            value={chosen.category}
            options={categories.map(({ id, name }) => ({ value: id, label: name }))}
            empty="Any"
          />
        </Field>
        <Field label="Claimed by" name="claimed">
          <Select
            name="claimed"
            value={chosen.claimed}
            options={[
              { value: "me", label: "Me" },
              { value: "nobody", label: "Nobody" },
            ]}
            empty="Anybody"
          />
        </Field>
      </Filters>
      <LiveState c={c} />
      <div
        id="results"
        class="board"
        data-live
        tabindex={-1}
        hx-get={address("/tickets", { ...chosen, seen: version })}
        hx-trigger="every 10s, live"
        hx-select="#results"
        hx-swap="outerHTML"
      >
        {columns.map((column) => (
          <Column column={column} />
        ))}
      </div>
    </>,
  )
}

const Column = ({ column: { key, tickets, more, filter } }: { column: BoardColumn }) => {
  const list = address("/tickets/list", { ...filter, sort: undefined })
  return (
    <section class="card" aria-labelledby={`column-${key}`}>
      <div class="section-head">
        <h2 id={`column-${key}`}>
          {titles[key].title} <span class="hint">{more ? `${tickets.length}+` : tickets.length}</span>
        </h2>
      </div>
      {tickets.length === 0 && <p class="hint">{titles[key].empty}</p>}
      <ul class="tickets">
        {tickets.map((ticket) => (
          <Card ticket={ticket} />
        ))}
      </ul>
      {more && (
        <p>
          <a href={list}>Show all: {titles[key].title.toLowerCase()}</a>
        </p>
      )}
    </section>
  )
}

const Card = ({ ticket }: { ticket: ListedTicket }) => (
  <li>
    <a href={`/tickets/${ticket.id}`}>
      #{ticket.number} {ticket.subject}
    </a>
    <div class="marks">
      <TicketMarks ticket={ticket} />
    </div>
    {ticket.error && <div class="hint bad">{ticket.error}</div>}
    <div class="hint">
      {ticket.customer ?? ticket.openerName} · {ticket.category}
      {ticket.claimedBy && ` · ${ticket.claimedBy}`}
    </div>
    <div class="hint">
      {ticket.closedAt ? (
        <>
          Closed <Time at={ticket.closedAt} />
        </>
      ) : (
        <>
          Last word <Time at={ticket.lastMessageAt} />
        </>
      )}
    </div>
  </li>
)
