import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { carryTicket } from "../../shared/support/carryTicket.ts"
import { checkOpener } from "../../shared/support/members/checkOpener.ts"
import { reserveTicket } from "../../shared/support/open/reserveTicket.ts"
import { loadSupport } from "../../shared/support/supportSetup.ts"
import { sweepTickets } from "../../shared/support/sweepTickets.ts"
import { closeTicket } from "../../shared/support/work/closeTicket.ts"
import { reopenTicket } from "../../shared/support/work/reopenTicket.ts"
import type { DiscordCall } from "../../shared/vendors/discord/discordRest.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useTickets } from "./useTickets.ts"

const database = useDatabase()
const tickets = useTickets(database)
const { ids, rows } = tickets
const minutes = 60_000

/** A ticket of Ada's that is open, a clock that goes on, and what Discord is asked. */
async function opened(settings: object) {
  await tickets.setSupport({ nudgeHours: 0, warnHours: 0, closeHours: 0, ...settings })
  const ctx = tickets.context()
  const asked: DiscordCall[] = []
  const { discord } = ctx.vendors
  const request: typeof discord.request = (call) => {
    asked.push(call)
    return discord.request(call)
  }
  ctx.vendors.discord = { ...discord, request }
  const reserved = await reserveTicket(ctx, await loadSupport(ctx), tickets.wish())
  const id = "id" in reserved ? reserved.id : ""
  expect(await carryTicket(ctx, { id })).toBe("done")
  const row = async () => (await rows(sql`select * from tickets where id = ${id}`))[0]
  const pass = (count: number) => {
    ctx.clock.now = new Date(ctx.clock.now.getTime() + count * minutes)
  }
  return {
    ctx,
    id,
    row,
    pass,
    /** As every minute for so long. */
    async sweep(forMinutes: number) {
      for (let minute = 0; minute < forMinutes; minute++) {
        pass(1)
        const { refs } = await sweepTickets(ctx)
        for (const ref of refs) if (ref === `opener:${id}`) await checkOpener(ctx, { id })
      }
    },
    memberReads: () => asked.splice(0).filter(({ path }) => path.includes("/members/")).length,
    told: async () => {
      const { channel_id: place, staff_thread_id: thread } = (await row()) ?? {}
      return [place, thread]
        .flatMap((channel) => tickets.world.store.conversation(String(channel)))
        .filter(({ content }) => /who opened this ticket, (has left|is back in) the server/.test(content))
        .map(({ content }) => (content.includes("is back") ? "back" : "left"))
    },
    events: async () =>
      (await rows(sql`select kind from ticket_events where kind like 'opener%' order by at`)).map(({ kind }) => kind),
  }
}
const leave = () => tickets.fakes.discord.people.leave({ as: ids.users.ada })
const as = (userId: string, now: Date, isStaff = true) =>
  tickets.context({ actor: { kind: "discord", userId, name: userId, isStaff }, now })
const comeBack = () => tickets.fakes.discord.people.join({ as: ids.users.ada })

test("an opener who has left is missed within about an hour though nobody is ever reminded; staff are told once, and the ticket closes", async () => {
  const { ctx, id, row, sweep, told, events } = await opened({})
  leave()
  await sweep(62)
  expect(await row()).toMatchObject({ status: "closing", close_reason: "Whoever opened it has left the server." })
  await checkOpener(ctx, { id })
  expect(await told()).toEqual(["left"])
  expect(await events()).toEqual(["opener_left"])
})

test("where the settings keep it, it stays open; staff are told when they leave, come back, and leave again, each once", async () => {
  const { row, sweep, told, events } = await opened({ openerLeft: "keep" })
  leave()
  await sweep(125)
  expect(await row()).toMatchObject({ status: "open" })
  expect(await told()).toEqual(["left"])
  comeBack()
  await sweep(125)
  expect(await told()).toEqual(["left", "back"])
  leave()
  await sweep(62)
  expect(await told()).toEqual(["left", "back", "left"])
  expect(await events()).toEqual(["opener_left", "opener_back", "opener_left"])
})

test("the server is asked once an hour for each open ticket, however often there is a sweep", async () => {
  const { sweep, memberReads } = await opened({})
  memberReads()
  await sweep(180)
  expect(memberReads()).toBe(3)
})

test("one that staff open again after its opener has left stays open", async () => {
  const { ctx, id, row, pass, told } = await opened({})
  leave()
  pass(60)
  expect(await checkOpener(ctx, { id })).toBe("closed")
  await carryTicket(ctx, { id })
  pass(1)
  const staff = tickets.context({
    actor: { kind: "discord", userId: ids.users.sam, name: "Sam", isStaff: true },
    now: ctx.now(),
  })
  await reopenTicket(staff, { id })
  expect(await carryTicket(ctx, { id })).toBe("done")
  pass(61)
  expect(await checkOpener(ctx, { id })).toBe("left")
  expect(await row()).toMatchObject({ status: "open" })
  expect(await told()).toEqual(["left"])
})

test("one whose opener left while it was closed, and that staff open again, stays open, whenever that is looked at", async () => {
  const { ctx, id, row, pass, told } = await opened({})
  await closeTicket(as(ids.users.sam, ctx.now()), { id, reason: "Solved" })
  await carryTicket(ctx, { id })
  leave()
  pass(60)
  await reopenTicket(as(ids.users.sam, ctx.now()), { id })
  expect(await carryTicket(ctx, { id })).toBe("done")
  for (let hour = 0; hour < 3; hour++) {
    pass(61)
    expect(await checkOpener(ctx, { id })).toBe("left")
  }
  expect(await row()).toMatchObject({ status: "open" })
  expect(await told()).toEqual(["left"])
  comeBack()
  pass(61)
  expect(await checkOpener(ctx, { id })).toBe("here")
  leave()
  pass(61)
  expect(await checkOpener(ctx, { id })).toBe("closed")
})

test("one that its opener opens again, and then leaves, is closed", async () => {
  const { ctx, id, row, pass } = await opened({})
  await closeTicket(as(ids.users.sam, ctx.now()), { id, reason: "Solved" })
  await carryTicket(ctx, { id })
  pass(60)
  await reopenTicket(as(ids.users.ada, ctx.now(), false), { id })
  expect(await carryTicket(ctx, { id })).toBe("done")
  leave()
  pass(61)
  expect(await checkOpener(ctx, { id })).toBe("closed")
  expect(await row()).toMatchObject({ status: "closing" })
})

test("whoever comes back is let into the thread of their ticket again", async () => {
  const { ctx, id, row } = await opened({ place: "thread", openerLeft: "keep" })
  const sees = async () => {
    const place = tickets.world.store.channels.get(String((await row())?.channel_id))
    return place !== undefined && (tickets.world.permissions(ids.users.ada, place) & (1n << 10n)) !== 0n
  }
  expect(await sees()).toBe(true)
  leave()
  expect(await checkOpener(ctx, { id })).toBe("left")
  comeBack()
  expect(await sees()).toBe(false)
  expect(await checkOpener(ctx, { id })).toBe("here")
  expect(await sees()).toBe(true)
})

test("who left before a thread let them in is missed at once", async () => {
  await tickets.setSupport({ place: "thread" })
  const ctx = tickets.context()
  const reserved = await reserveTicket(ctx, await loadSupport(ctx), tickets.wish())
  leave()
  expect(await carryTicket(ctx, { id: "id" in reserved ? reserved.id : "" })).toBe("done")
  expect(ctx.queues.tickets.take()).toContain(`opener:${"id" in reserved ? reserved.id : ""}`)
})

test("a bot that is not in the server any more takes nobody for gone", async () => {
  const { ctx, id, row } = await opened({})
  tickets.world.store.members.delete(ids.users.bot)
  await expect(checkOpener(ctx, { id })).rejects.toMatchObject({ code: "vendor_rejected" })
  expect(await row()).toMatchObject({ status: "open", opener_left_at: null })
})

test("staff whose thread was deleted are told in the ticket, and where that is gone too, in the staff pages", async () => {
  const { people } = tickets.fakes.discord
  const { ctx, id, row, told } = await opened({ openerLeft: "keep" })
  people.deleteChannel({ channel: String((await row())?.staff_thread_id) })
  leave()
  await checkOpener(ctx, { id })
  expect(await told()).toEqual(["left"])
  people.deleteChannel({ channel: String((await row())?.channel_id) })
  comeBack()
  await checkOpener(ctx, { id })
  expect(await rows(sql`select message from staff_notifications where key like 'back-%'`)).toEqual([
    { message: expect.stringContaining("is back in the server") },
  ])
})

test("somebody who dies after telling staff, before it is written down, is followed by one who does not tell them again", async () => {
  const { ctx, id, row, pass, told, events } = await opened({})
  leave()
  pass(60)
  let batches = 0
  const mortal = new Proxy(ctx.db, {
    get(target, name, receiver) {
      const value = Reflect.get(target, name, receiver)
      if (name !== "batch") return value
      return (given: never) => (++batches === 2 ? Promise.reject(new Error("Died")) : target.batch(given))
    },
  })
  await expect(checkOpener({ ...ctx, db: mortal }, { id })).rejects.toThrow("Died")
  expect([await told(), await events(), (await row())?.status]).toEqual([["left"], [], "open"])
  await Promise.all([checkOpener(ctx, { id }), checkOpener(ctx, { id })])
  expect([await told(), await events(), (await row())?.status]).toEqual([["left"], ["opener_left"], "closing"])
})
