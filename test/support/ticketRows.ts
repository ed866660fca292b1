import type { Database } from "../../shared/db/client.ts"
import { ticketMessages, tickets } from "../../shared/db/schema/support.ts"

/** A ticket as it would stand, open and unanswered unless told. */
export async function insertTicket(
  db: Database,
  told: Partial<typeof tickets.$inferInsert> = {},
): Promise<{ id: string; number: number }> {
  const openedAt = told.openedAt ?? new Date()
  const [row] = await db
    .insert(tickets)
    .values({
      id: crypto.randomUUID(),
      source: "discord",
      status: "open",
      categoryId: "technical",
      subject: "The server is down",
      description: "The server is down since this morning.",
      openerId: String(100_000_000_000_000_000n + BigInt(Math.floor(Math.random() * 1e9))),
      openerName: "ada",
      guildId: "900000000000000001",
      openedAt,
      lastMessageAt: openedAt,
      ...told,
    })
    .returning({ id: tickets.id, number: tickets.number })
  if (!row) throw new Error("The ticket was not inserted.")
  return row
}

export async function insertTicketMessage(
  db: Database,
  ticketId: string,
  told: Partial<typeof ticketMessages.$inferInsert> = {},
): Promise<string> {
  const id = told.id ?? crypto.randomUUID()
  await db.insert(ticketMessages).values({
    ticketId,
    origin: "discord",
    authorName: "ada",
    authorKind: "opener",
    content: "It is still down.",
    sentAt: new Date(),
    ...told,
    id,
  })
  return id
}
