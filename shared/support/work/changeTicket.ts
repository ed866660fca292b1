import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import type { TicketEventKind } from "../../db/schema/support.ts"
import { sqlState } from "../../db/sqlState.ts"
import { AppError } from "../../errors.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import { ticketEvent } from "../ticketEvent.ts"
import { wasTold } from "../wasTold.ts"

const uniqueViolation = "23505"

/**
 * A change of one ticket with what it tells, in one batch. `where` says which tickets take it: told and done only there,
 * so that doing it twice is doing it once. What was done before under the same `once` is not done again, whatever has become
 * of it since. Throws `not_found`, and `conflict` with `otherwise` where the ticket is there
 * and does not take it; its details are `unchanged` where it is `already` what it was to become.
 */
export async function changeTicket(
  ctx: Context,
  input: {
    id: string
    set: SQL
    where: SQL
    /** `once` tells it apart from others of its kind; without it, each is another. */
    event: { kind: TicketEventKind; once?: string; data?: Record<string, string | number | null> }
    already?: { is: SQL; says: string }
    /** What the changed ticket brings with it; it says itself by what it knows that it has changed. */
    also?: SQL
    otherwise: string
  },
): Promise<void> {
  const { id, set, where, event, already, also, otherwise } = input
  const eventId = crypto.randomUUID()
  const told = sql`exists (select from ticket_events where id = ${eventId})`
  const { kind, once = eventId } = event
  const [, , , changed, there] = await changes(ctx, otherwise, [
    // Of two at once the second sees what the first has made of it.
    sql`select from tickets where id::text = ${id} for update`,
    ticketEvent(ctx, { ...event, id: eventId, ticketId: id, once, where }),
    auditEntry(ctx, {
      action: `ticket.${kind}`,
      subject: { type: "ticket", id },
      after: event.data ?? null,
      where: told,
    }),
    sql`update tickets t set ${set}, version = version + 1 where t.id::text = ${id} and ${told}`,
    sql`select (${already?.is ?? sql`false`}) is true as already, ${wasTold({ ticketId: id, kind, once })} as done from tickets t where t.id::text = ${id}`,
    ...(also ? [also] : []),
  ])
  if (there?.rowCount === 0) throw new AppError("not_found", "There is no such ticket.")
  if (changed?.rowCount !== 0 || there?.rows[0]?.done === true) return
  if (already && there?.rows[0]?.already === true)
    throw new AppError("conflict", already.says, { details: { unchanged: true } })
  throw new AppError("conflict", otherwise)
}

/** Of two tickets that become the open one of an opener and category in the same moment, one does. */
async function changes(ctx: Context, otherwise: string, statements: SQL[]) {
  try {
    return await batch(ctx.db, statements)
  } catch (thrown) {
    if (sqlState(thrown) === uniqueViolation) throw new AppError("conflict", otherwise, { cause: thrown })
    throw thrown
  }
}
