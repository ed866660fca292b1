import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { carryTicket } from "../../shared/support/carryTicket.ts"
import { reserveTicket } from "../../shared/support/open/reserveTicket.ts"
import { loadSupport } from "../../shared/support/supportSetup.ts"
import { permissionBits } from "../../shared/vendors/discord/permissions.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useTickets } from "./useTickets.ts"

const database = useDatabase()
const tickets = useTickets(database)
const { ids, rows } = tickets

async function open() {
  const ctx = tickets.context()
  const reserved = await reserveTicket(ctx, await loadSupport(ctx), tickets.wish())
  if (reserved.outcome !== "reserved") throw new Error(reserved.outcome)
  await carryTicket(ctx, { id: reserved.id })
  const [row] = await rows(sql`select status, error, place_kind from tickets where id = ${reserved.id}`)
  return row
}
const notices = async () => (await rows(sql`select message from staff_notifications`)).map(({ message }) => message)
const deleteParents = () => {
  for (const channel of [ids.channels.tickets, ids.channels.overflow])
    tickets.fakes.discord.people.deleteChannel({ channel })
}

test("a role that is gone is named as what keeps a ticket from opening", async () => {
  await database.db.execute(sql`update ticket_categories set role_id = '1000' where id = 'technical'`)
  expect(await open()).toMatchObject({
    status: "opening",
    error: expect.stringMatching(/role.*Technical.*is not in the server/),
  })
})

test("a category in which the bot may make no channels is named", async () => {
  const category = tickets.world.store.channels.get(ids.channels.tickets)
  if (!category) throw new Error("There is no category.")
  category.permission_overwrites = [
    { id: ids.users.bot, type: 1, allow: "0", deny: String(permissionBits("VIEW_CHANNEL")) },
  ]
  expect(await open()).toMatchObject({
    status: "opening",
    error: expect.stringMatching(/may make no channels in the category Tickets.*Missing Access/),
  })
})

test("where all categories for channels are gone, a ticket is a thread, and staff are told why, once", async () => {
  await database.db.execute(sql`truncate staff_notifications`)
  deleteParents()
  expect(await open()).toMatchObject({ status: "open", place_kind: "thread" })
  expect(await notices()).toEqual([expect.stringMatching(/categories.*are gone.*set-up/)])
})

test("where there is no panel for threads either, that is what is said", async () => {
  deleteParents()
  await tickets.setSupport({ panelChannelId: "" })
  expect(await open()).toMatchObject({ status: "opening", error: expect.stringMatching(/categories.*are gone/) })
})
