import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import type { Actor } from "../../shared/context.ts"
import { carryTicket } from "../../shared/support/carryTicket.ts"
import { reserveTicket } from "../../shared/support/open/reserveTicket.ts"
import { showClaim } from "../../shared/support/place/showClaim.ts"
import { loadSupport } from "../../shared/support/supportSetup.ts"
import { claimTicket, transferTicket } from "../../shared/support/work/claimTicket.ts"
import { permissionBits } from "../../shared/vendors/discord/permissions.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useTickets } from "./useTickets.ts"

const database = useDatabase()
const tickets = useTickets(database)
const { users, roles } = tickets.ids

beforeEach(() => tickets.setSupport({ place: "thread" }))

async function opened() {
  const ctx = tickets.context()
  const reserved = await reserveTicket(ctx, await loadSupport(ctx), tickets.wish())
  const id = "id" in reserved ? reserved.id : ""
  expect(await carryTicket(ctx, { id })).toBe("done")
  const [row] = await tickets.rows(sql`select * from tickets where id = ${id}`)
  const [place, staffThread] = [row?.channel_id, row?.staff_thread_id].map(String)
  /** Who of these sees the conversation, and who the thread of the staff. */
  const seenBy = (...who: string[]) =>
    [place, staffThread].map((id) => {
      const channel = tickets.world.store.channels.get(id ?? "")
      if (!channel) throw new Error(`There is no thread ${id}.`)
      return who.filter(
        (user) => (tickets.world.permissions(user, channel) & permissionBits("VIEW_CHANNEL", "SEND_MESSAGES")) !== 0n,
      )
    })
  return { ctx, id, seenBy, place: place ?? "" }
}
const as = (actor: Actor) => tickets.context({ actor })
const noor = { kind: "discord", userId: users.noor, name: "Noor", isStaff: true } as const

test("a ticket that is a thread is seen by its opener and by staff who manage threads, its staff thread by these alone", async () => {
  const { seenBy } = await opened()
  const everybody = [users.ada, users.ben, users.sam, users.noor]
  // Sam has the role that the first message mentions, which lets nobody in.
  expect(seenBy(...everybody)).toEqual([[users.ada, users.noor], [users.noor]])
  tickets.fakes.discord.people.setRolePermission({
    role: roles.support,
    bit: permissionBits("MANAGE_THREADS"),
    on: true,
  })
  expect(seenBy(...everybody)).toEqual([
    [users.ada, users.sam, users.noor],
    [users.sam, users.noor],
  ])
})

test("staff who do not manage threads see one that is given to them, and what staff write about it", async () => {
  const { ctx, id, seenBy, place } = await opened()
  await transferTicket(as(noor), { id, to: `discord:${users.sam}`, label: "Sam" })
  await showClaim(ctx, { id })
  expect(seenBy(users.sam, users.ben)).toEqual([[users.sam], [users.sam]])
  expect(() => tickets.fakes.discord.people.say({ as: users.sam, channel: place, content: "Hello" })).not.toThrow()
})

test("so do those who claim one in the staff pages, by the account there that names theirs in Discord", async () => {
  const { ctx, id, seenBy } = await opened()
  const staffId = crypto.randomUUID()
  await database.db.execute(sql`
    insert into staff (id, email, name, role, discord_user_id, created_at)
    values (${staffId}, 'sam@staff.test', 'Sam', 'support', ${users.sam}, now())`)
  await claimTicket(as({ kind: "staff", id: staffId, email: "sam@staff.test", name: "Sam", role: "support" }), { id })
  await showClaim(ctx, { id })
  expect(seenBy(users.sam)).toEqual([[users.sam], [users.sam]])
})

test("one that is given to somebody who is not in the server any more is shown as theirs all the same", async () => {
  const { ctx, id, place } = await opened()
  await transferTicket(as(noor), { id, to: `discord:${users.sam}`, label: "Sam" })
  tickets.fakes.discord.people.leave({ as: users.sam })
  await showClaim(ctx, { id })
  const [control] = tickets.world.store.conversation(place).filter(({ components }) => components.length > 0)
  expect(JSON.stringify(control?.components)).toContain("Claimed by Sam")
})
