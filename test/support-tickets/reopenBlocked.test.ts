import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { carryTicket } from "../../shared/support/carryTicket.ts"
import { reopenTicket } from "../../shared/support/work/reopenTicket.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useCommands } from "./commands/useCommands.ts"

const desk = useCommands(useDatabase())
const { users } = desk.ids

async function closedTicket() {
  desk.people().blockDms({ as: users.ada, blocked: true })
  const ticket = await desk.open()
  await desk.run(users.sam, ticket.place, "ticket close", { reason: "Solved" })
  return ticket
}
const block = (until: string | null) =>
  desk.db.execute(sql`
    insert into support_blocks (subject, reason, until, blocked_at, blocked_by) values (${users.ada}, 'abuse', ${until}, now(), 'staff:1')`)

async function pressReopen({ id, place }: { id: string; place: string }): Promise<string> {
  const asked = desk.said(place).find(({ content }) => content.includes("How did we do?"))
  const pressed = await desk
    .people()
    .press({ as: users.ada, channel: place, message: String(asked?.id), customId: `ticket.reopen:${id}` })
  await desk.settled()
  return desk.world.store.messages.get(pressed.original ?? "")?.content ?? ""
}

test("who is blocked does not open a closed ticket again, and is told what they are told when opening one", async () => {
  const ticket = await closedTicket()
  await block(null)
  const told = await pressReopen(ticket)
  expect(told).toBe("You cannot open tickets here. Please write to us by e-mail.")
  expect(await desk.row(ticket.id)).toMatchObject({ status: "closed", reopened_at: null })
  expect((await desk.record(ticket.id)).events).toEqual(["closed"])
})

test("once the block has ended they may again, and staff may all along", async () => {
  const ticket = await closedTicket()
  await block(null)
  const staff = {
    ...desk.context(),
    actor: { kind: "discord", userId: users.sam, name: "Sam", isStaff: true } as const,
  }
  await reopenTicket(staff, { id: ticket.id })
  expect(await carryTicket(desk.context(), { id: ticket.id })).toBe("done")
  await desk.run(users.sam, ticket.place, "ticket close", { reason: "Solved" })
  await desk.db.execute(sql`update support_blocks set until = now() - interval '1 minute'`)
  expect(await pressReopen(ticket)).toBe("The ticket is open again.")
})
