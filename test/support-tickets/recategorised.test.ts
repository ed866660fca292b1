import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import { carryTicket } from "../../shared/support/carryTicket.ts"
import { reserveTicket } from "../../shared/support/open/reserveTicket.ts"
import { showClaim } from "../../shared/support/place/showClaim.ts"
import { loadSupport } from "../../shared/support/supportSetup.ts"
import { sweepTickets } from "../../shared/support/sweepTickets.ts"
import { closeTicket } from "../../shared/support/work/closeTicket.ts"
import { reopenTicket } from "../../shared/support/work/reopenTicket.ts"
import { setTicketCategory } from "../../shared/support/work/sortTicket.ts"
import { permissionBits } from "../../shared/vendors/discord/permissions.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useTickets } from "./useTickets.ts"

const tickets = useTickets(useDatabase())
const { db, rows } = tickets
const { users, roles } = tickets.ids
const actor = { kind: "staff", id: crypto.randomUUID(), email: "bea@local.test", name: "Bea", role: "support" } as const

let id = ""
beforeEach(async () => {
  await db.execute(sql`update ticket_categories set role_id = ${roles.moderators} where id = 'billing'`)
  tickets.fakes.discord.people.setRole({ as: users.cleo, role: roles.moderators, has: true })
  const ctx = tickets.context()
  const reserved = await reserveTicket(ctx, await loadSupport(ctx), tickets.wish())
  id = "id" in reserved ? reserved.id : ""
  await carryTicket(ctx, { id })
})
const ticket = async () => (await rows(sql`select * from tickets`))[0] ?? {}
const staff = () => tickets.context({ actor })
const to = (categoryId: string) => setTicketCategory(staff(), { id, categoryId })
const later = (minutes: number) => tickets.context({ now: new Date(Date.now() + minutes * 60_000) })
async function told() {
  const place = String((await ticket()).channel_id)
  return tickets.world.store
    .conversation(place)
    .map(({ content, mention_roles }) => ({ content, mention_roles }))
    .filter(({ content }) => content.includes("is about"))
}
async function sees(user: string) {
  const channel = tickets.world.store.channels.get(String((await ticket()).channel_id))
  return channel !== undefined && (tickets.world.permissions(user, channel) & permissionBits("VIEW_CHANNEL")) !== 0n
}

test("whoever answers the new category is let in and called, once; who was called before still sees it", async () => {
  expect(await sees(users.cleo)).toBe(false)
  const ctx = staff()
  await setTicketCategory(ctx, { id, categoryId: "billing" })
  expect(ctx.queues.tickets.take()).toEqual([`show:${id}`])
  for (let time = 0; time < 3; time++) await showClaim(tickets.context(), { id })
  expect(await told()).toEqual([
    { content: `<@&${roles.moderators}>, this ticket is about Billing now.`, mention_roles: [roles.moderators] },
  ])
  expect([await sees(users.cleo), await sees(users.sam), await sees(users.ben)]).toEqual([true, true, false])
  expect(await ticket()).toMatchObject({ shown_category_id: null, show_at: null })
})

test("a category that the same people answer is told of, and nobody is called", async () => {
  await to("setup")
  await showClaim(tickets.context(), { id })
  expect(await told()).toEqual([{ content: expect.stringMatching(/^This ticket is about /), mention_roles: [] }])
})

test("each change is told, though names are alike, and back and forth within minutes; told to nobody twice by two at once", async () => {
  await db.execute(sql`insert into ticket_categories (id, name, position, updated_at) values
    ('technical-servers-eu', 'EU', 8, now()), ('technical-servers-us', 'US', 9, now())`)
  for (const category of ["technical-servers-eu", "technical-servers-us", "setup", "technical-servers-us", "setup"]) {
    await to(category)
    await Promise.all([showClaim(tickets.context(), { id }), showClaim(tickets.context(), { id })])
  }
  const names = ["EU", "US", "Setup", "US", "Setup"]
  expect((await told()).map(({ content }) => content)).toEqual(names.map((name) => `This ticket is about ${name} now.`))
})

test("what is changed back before anybody saw it is not told", async () => {
  await to("billing")
  await to("technical")
  await showClaim(tickets.context(), { id })
  expect(await told()).toEqual([])
  expect([await sees(users.cleo), (await ticket()).shown_category_id]).toEqual([false, null])
})

test("it is told by the sweep where the queue's message was lost, and once Discord is back", async () => {
  await to("billing")
  expect((await sweepTickets(later(0))).refs).not.toContain(`show:${id}`)
  expect((await sweepTickets(later(2))).refs).toContain(`show:${id}`)
  tickets.fakes.faults.discord.set({ unavailable: { count: 100, on: "POST" } })
  await showClaim(later(2), { id })
  tickets.fakes.faults.clear()
  expect((await sweepTickets(later(5))).refs).not.toContain(`show:${id}`)
  expect((await sweepTickets(later(13))).refs).toContain(`show:${id}`)
  await showClaim(later(13), { id })
  expect(await told()).toHaveLength(1)
  expect((await sweepTickets(later(60))).refs).not.toContain(`show:${id}`)
})

test("of a closed ticket it is told when it is open again; a place that is made then is theirs from the start", async () => {
  const close = async () => {
    await closeTicket(staff(), { id, reason: "Solved" })
    await carryTicket(tickets.context(), { id })
  }
  const reopen = async () => {
    await reopenTicket(staff(), { id })
    await carryTicket(tickets.context(), { id })
  }
  await close()
  await to("billing")
  await showClaim(tickets.context(), { id })
  expect(await told()).toEqual([])
  await reopen()
  expect((await sweepTickets(later(2))).refs).toContain(`show:${id}`)
  await showClaim(tickets.context(), { id })
  expect([(await told()).length, await sees(users.cleo)]).toEqual([1, true])

  await close()
  await to("technical")
  await to("billing")
  await db.execute(sql`update tickets set shown_category_id = 'technical'`)
  tickets.fakes.discord.people.deleteChannel({ channel: String((await ticket()).channel_id) })
  await reopen()
  await showClaim(tickets.context(), { id })
  expect([await told(), await sees(users.cleo)]).toEqual([[], true])
})

test("a thread has no permissions of its own: whoever answers the new category is called in it", async () => {
  await closeTicket(staff(), { id, reason: "Solved" })
  await carryTicket(tickets.context(), { id })
  await tickets.setSupport({ place: "thread" })
  const ctx = tickets.context()
  const reserved = await reserveTicket(ctx, await loadSupport(ctx), tickets.wish({ openerId: users.ben }))
  const thread = "id" in reserved ? reserved.id : ""
  await carryTicket(ctx, { id: thread })
  await setTicketCategory(staff(), { id: thread, categoryId: "billing" })
  await showClaim(ctx, { id: thread })
  const place = String((await rows(sql`select channel_id from tickets where id = ${thread}`))[0]?.channel_id)
  expect(tickets.world.store.conversation(place).at(-1)?.content).toContain(`<@&${roles.moderators}>`)
  expect(await rows(sql`select show_at from tickets where id = ${thread}`)).toEqual([{ show_at: null }])
})
