import { type SQL, sql } from "drizzle-orm"
import type { TicketEventKind } from "../db/schema/support.ts"
import { eventKey } from "./eventKey.ts"

/** Whether something has happened to a ticket under the same `once`: whoever does it again after a death did it already. */
export const wasTold = (event: { ticketId: string; kind: TicketEventKind; once: string }): SQL =>
  sql`exists (select from ticket_events where key = ${eventKey(event)})`
