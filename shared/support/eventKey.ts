import type { TicketEventKind } from "../db/schema/support.ts"

/** What no two events of tickets share. */
export const eventKey = (event: { ticketId: string; kind: TicketEventKind; once?: string }): string =>
  `${event.kind}:${event.ticketId}${event.once === undefined ? "" : `:${event.once}`}`
