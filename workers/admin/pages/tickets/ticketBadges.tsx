import type { ListedTicket } from "../../../../shared/support/listTickets/listedTicket.ts"
import { Badge, type Tone } from "../../components/badge.tsx"

type Stated = Pick<ListedTicket, "status" | "lastFrom">

function stateOf({ status, lastFrom }: Stated): { tone: Tone; text: string } {
  switch (status) {
    case "opening":
      return { tone: "info", text: "being opened" }
    case "open":
      return lastFrom === "opener"
        ? { tone: "warn", text: "waiting for us" }
        : { tone: "info", text: "waiting for the customer" }
    case "closing":
      return { tone: "neutral", text: "being closed" }
    case "closed":
      return { tone: "neutral", text: "closed" }
  }
}

/** Where a ticket stands, in words. */
export const TicketState = ({ ticket }: { ticket: Stated }) => {
  const { tone, text } = stateOf(ticket)
  return <Badge tone={tone}>{text}</Badge>
}

const tones: Record<ListedTicket["priority"], Tone> = { urgent: "bad", high: "warn", normal: "neutral", low: "neutral" }

/** What is out of the ordinary about a ticket. */
export const TicketMarks = ({ ticket }: { ticket: Pick<ListedTicket, "priority" | "late" | "error"> }) => (
  <>
    {ticket.priority !== "normal" && <Badge tone={tones[ticket.priority]}>{ticket.priority}</Badge>}
    {ticket.late && <Badge tone="bad">{ticket.late} overdue</Badge>}
    {ticket.error && <Badge tone="bad">failed</Badge>}
  </>
)
