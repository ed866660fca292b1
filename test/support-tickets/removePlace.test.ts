import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { captureTicket } from "../../shared/support/capture/captureTicket.ts"
import { storeAttachments } from "../../shared/support/capture/storeAttachments.ts"
import { carryTicket } from "../../shared/support/carryTicket.ts"
import { reserveTicket } from "../../shared/support/open/reserveTicket.ts"
import { tendTicket } from "../../shared/support/stale/tendTicket.ts"
import { loadSupport } from "../../shared/support/supportSetup.ts"
import { sweepTickets } from "../../shared/support/sweepTickets.ts"
import { closeTicket } from "../../shared/support/work/closeTicket.ts"
import { reopenTicket } from "../../shared/support/work/reopenTicket.ts"
import type { DiscordCall } from "../../shared/vendors/discord/discordRest.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useTickets } from "./useTickets.ts"

const { db, ...rest } = useDatabase()
const tickets = useTickets({ db, ...rest })
const { ids, rows } = tickets

async function opened() {
  const ctx = tickets.context()
  const reserved = await reserveTicket(ctx, await loadSupport(ctx), tickets.wish())
  if (reserved.outcome !== "reserved") throw new Error(reserved.outcome)
  const { id } = reserved
  await carryTicket(ctx, { id })
  const row = async () => (await rows(sql`select * from tickets where id = ${id}`))[0]
  return { id, ctx, row, place: String((await row())?.channel_id) }
}
const states = () =>
  rows(sql`select status, count(*)::int as files from ticket_attachments group by status order by status`)
const file = (index: number) => ({
  name: `${index}.txt`,
  contentType: "text/plain",
  bytes: new TextEncoder().encode(String(index)),
})

test("a place is taken away once all files in it are copied, however many there are", async () => {
  const { id, ctx, row, place } = await opened()
  for (let message = 0; message < 5; message++)
    tickets.fakes.discord.people.say({
      as: ids.users.ada,
      channel: place,
      files: Array.from({ length: 10 }, (_, index) => file(message * 10 + index)),
    })
  await captureTicket(ctx, { id })
  await closeTicket(ctx, { id, reason: "Solved" })
  await carryTicket(ctx, { id })
  await db.execute(sql`update tickets set remove_place_at = now() - interval '1 hour'`)
  await tendTicket(ctx, { id })
  expect(await states()).toEqual([
    { status: "stored", files: 40 },
    { status: "waiting", files: 10 },
  ])
  expect(await row()).toMatchObject({ status: "closed", channel_id: place, error: null })
  expect((await sweepTickets(ctx)).refs).not.toContain(`tend:${id}`)
  await storeAttachments(ctx, { ticketId: id })
  ctx.clock.now = new Date(Date.now() + 10 * 60_000)
  expect((await sweepTickets(ctx)).refs).toContain(`tend:${id}`)
  await tendTicket(ctx, { id })
  expect(await states()).toEqual([{ status: "stored", files: 50 }])
  expect(tickets.places()).toEqual([])
  expect(await row()).toMatchObject({ channel_id: null, remove_place_at: null, tend_at: null })
})

test("a file that fails is tried again before its message goes; one that is given up holds nothing back", async () => {
  const { id, ctx, row, place } = await opened()
  tickets.fakes.discord.people.say({ as: ids.users.ada, channel: place, files: [file(1)] })
  await captureTicket(ctx, { id })
  await closeTicket(ctx, { id, reason: "Solved" })
  const { files } = ctx.vendors
  const failing = { ...files, put: () => Promise.reject(new Error("R2 is down")) }
  await carryTicket(
    { ...ctx, vendors: { ...ctx.vendors, files: Object.assign(Object.create(files), failing) } },
    { id },
  )
  expect(await states()).toEqual([{ status: "waiting", files: 1 }])
  await db.execute(sql`update tickets set remove_place_at = now() - interval '1 hour'`)
  await tendTicket(ctx, { id })
  expect(await row()).toMatchObject({ channel_id: place })
  await db.execute(sql`update ticket_attachments set status = 'failed', next_attempt_at = null`)
  await tendTicket(ctx, { id })
  expect(await row()).toMatchObject({ channel_id: null })
})

const staff = { kind: "staff", id: crypto.randomUUID(), email: "bea@local.test", name: "Bea", role: "support" } as const
const reopen = (id: string, now = new Date()) => reopenTicket(tickets.context({ actor: staff, now }), { id })

/** A closed ticket whose place is to go, with a file that is still to be copied. */
async function closed() {
  const ticket = await opened()
  const { id, ctx, place } = ticket
  await closeTicket(ctx, { id, reason: "Solved" })
  await carryTicket(ctx, { id })
  tickets.fakes.discord.people.say({ as: ids.users.sam, channel: place, files: [file(1)] })
  await db.execute(sql`update tickets set remove_place_at = now() - interval '1 hour'`)
  return ticket
}
type Opened = Awaited<ReturnType<typeof opened>>

/** The context of whoever takes places away, with something that happens before a file is kept. */
function whenCopying({ ctx }: Opened, happens: () => Promise<void>) {
  const { files } = ctx.vendors
  const put: typeof files.put = async (...input) => {
    await happens()
    await files.put(...input)
  }
  return { ...ctx, vendors: { ...ctx.vendors, files: Object.assign(Object.create(files), { put }) } }
}

/** The same, with something that happens before a channel is deleted. */
function whenDeleting({ ctx }: Opened, happens: () => Promise<void>) {
  const { discord } = ctx.vendors
  const request = async (call: DiscordCall) => {
    if (call.method === "DELETE") await happens()
    return discord.request(call)
  }
  return { ...ctx, vendors: { ...ctx.vendors, discord: { ...discord, request } } }
}

test("a ticket that is reopened while its files are copied keeps its place, and what is said there", async () => {
  const ticket = await closed()
  const { id, ctx, row, place } = ticket
  await tendTicket(
    whenCopying(ticket, async () => {
      await reopen(id)
      expect(await carryTicket(tickets.context(), { id })).toBe("done")
      tickets.fakes.discord.people.say({ as: ids.users.ada, channel: place, content: "It is down again" })
    }),
    { id },
  )
  expect(await row()).toMatchObject({ status: "open", channel_id: place })
  await captureTicket(ctx, { id })
  await carryTicket(ctx, { id })
  expect(await row()).toMatchObject({ status: "open", channel_id: place })
  expect(await rows(sql`select from ticket_messages where content = 'It is down again'`)).toHaveLength(1)
})

test("a ticket that is reopened while its place is deleted gets another, once that is gone", async () => {
  const ticket = await closed()
  const { id, ctx, row, place } = ticket
  await tendTicket(
    whenDeleting(ticket, async () => {
      await reopen(id)
      expect(await carryTicket(tickets.context(), { id })).toBe(null)
      expect((await sweepTickets(tickets.context())).refs).not.toContain(`ticket:${id}`)
    }),
    { id },
  )
  expect(ctx.queues.tickets.take()).toContain(`ticket:${id}`)
  expect(await carryTicket(tickets.context(), { id })).toBe("done")
  const { channel_id: anew, status } = (await row()) ?? {}
  expect([status, anew === place]).toEqual(["open", false])
  expect(tickets.places().map(({ id: channel }) => channel)).toContain(anew)
})

test("a ticket whose place was deleted by somebody who died then is reopened with another place", async () => {
  const ticket = await closed()
  const { id, row, place } = ticket
  tickets.fakes.faults.discord.set({ unavailable: { count: 100, on: "DELETE" } })
  await tendTicket(ticket.ctx, { id })
  tickets.fakes.faults.clear()
  tickets.fakes.discord.people.deleteChannel({ channel: place })
  await reopen(id)
  const later = tickets.context({ now: new Date(Date.now() + 5 * 60_000) })
  expect((await sweepTickets(later)).refs).toContain(`ticket:${id}`)
  expect(await carryTicket(later, { id })).toBe("done")
  expect((await row())?.channel_id).not.toBe(place)
})

test("what staff say while files are copied is kept before the place goes", async () => {
  const ticket = await closed()
  const { id, row, place } = ticket
  await tendTicket(
    whenCopying(ticket, async () => {
      tickets.fakes.discord.people.say({ as: ids.users.sam, channel: place, content: "For the record" })
    }),
    { id },
  )
  expect(await row()).toMatchObject({ status: "closed", channel_id: null })
  expect(await rows(sql`select from ticket_messages where content = 'For the record'`)).toHaveLength(1)
})
