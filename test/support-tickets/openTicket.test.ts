import { type SQL, sql } from "drizzle-orm"
import { describe, expect, test } from "vitest"
import { carryTicket, selectDueTickets } from "../../shared/support/carryTicket.ts"
import { changeMember } from "../../shared/support/members/changeMember.ts"
import { reserveTicket, subjectOf } from "../../shared/support/open/reserveTicket.ts"
import { tendTicket } from "../../shared/support/stale/tendTicket.ts"
import { loadSupport } from "../../shared/support/supportSetup.ts"
import { closeTicket } from "../../shared/support/work/closeTicket.ts"
import { reopenTicket } from "../../shared/support/work/reopenTicket.ts"
import { permissionBits } from "../../shared/vendors/discord/permissions.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useTickets } from "./useTickets.ts"

const database = useDatabase()
const { db } = database
const tickets = useTickets(database)
const { ids, rows } = tickets

async function reserve(change: Parameters<typeof tickets.wish>[0] = {}, ctx = tickets.context()) {
  return reserveTicket(ctx, await loadSupport(ctx), tickets.wish(change))
}
async function opened(change: Parameters<typeof tickets.wish>[0] = {}) {
  const ctx = tickets.context()
  const reserved = await reserve(change, ctx)
  if (reserved.outcome !== "reserved") throw new Error(`It was not reserved: ${reserved.outcome}.`)
  expect(await carryTicket(ctx, reserved)).toBe("done")
  return reserved
}
const messagesIn = (channelId: string | null | undefined) =>
  [...tickets.world.store.messages.values()].filter(({ channel_id }) => channel_id === channelId)
const fill = (parent: string, count: number) => {
  for (let index = 0; index < count; index++) {
    const channelId = `2${parent.slice(-4)}${String(index).padStart(13, "0")}`
    const like = tickets.world.store.channels.get(ids.channels.welcome)
    if (like)
      tickets.world.store.channels.set(channelId, { ...like, id: channelId, parent_id: parent, name: `x${index}` })
  }
}
const categories = () =>
  [...tickets.world.store.channels.values()].filter(({ type }) => type === 4).map(({ name }) => name)
const ticket = async (id: string) => (await rows(sql`select * from tickets where id = ${id}`))[0]

describe("a wish for a ticket", () => {
  test("clicked fifty times at once is one ticket and one channel", async () => {
    const ctx = tickets.context()
    const setup = await loadSupport(ctx)
    const all = await Promise.all(Array.from({ length: 50 }, () => reserveTicket(ctx, setup, tickets.wish())))
    const reserved = all.filter(({ outcome }) => outcome === "reserved")
    expect(reserved).toHaveLength(1)
    expect(new Set(all.map(({ outcome }) => outcome))).toEqual(new Set(["reserved", "open already"]))
    const due = await selectDueTickets(ctx, 100)
    expect(due).toHaveLength(1)
    await Promise.all(Array.from({ length: 20 }, () => carryTicket(ctx, { id: due[0] ?? "" })))
    expect(tickets.places().filter(({ thread }) => thread === null)).toHaveLength(1)
    expect(await rows(sql`select status, error from tickets`)).toEqual([{ status: "open", error: null }])
    expect(await rows(sql`select kind from ticket_events`)).toEqual([{ kind: "opened" }])
  })

  test("is one for each person and category, waits for its time, and is refused to who is blocked", async () => {
    await tickets.setSupport({ cooldownMinutes: 5 })
    const first = await reserve()
    expect(first.outcome).toBe("reserved")
    expect((await reserve()).outcome).toBe("open already")
    expect((await reserve({ categoryId: "billing" })).outcome).toBe("too soon")
    expect((await reserve({ openerId: ids.users.ben })).outcome).toBe("reserved")
    const later = tickets.context({ now: new Date(Date.now() + 6 * 60_000) })
    expect((await reserve({ categoryId: "billing" }, later)).outcome).toBe("reserved")
    await db.execute(sql`
      insert into support_blocks (subject, reason, blocked_at, blocked_by) values (${ids.users.cleo}, 'spam', now(), 'x')`)
    expect(await reserve({ openerId: ids.users.cleo })).toEqual({ outcome: "blocked", until: null })
    await expect(reserve({ categoryId: "nothing" })).rejects.toMatchObject({ code: "bad_request" })
    await expect(reserve({ description: " \n" })).rejects.toMatchObject({ code: "bad_request" })
  })

  test("that is brought twice is written down once, with its files waiting to be copied", async () => {
    const ctx = tickets.context()
    const setup = await loadSupport(ctx)
    const file = {
      id: "1",
      name: "../\0log.txt",
      contentType: "text/plain",
      size: 3,
      url: "https://cdn.example/log.txt",
    }
    const wish = tickets.wish({ files: [file], description: "\0Hostile \ud800 text" })
    expect(await reserveTicket(ctx, setup, wish)).toEqual(await reserveTicket(ctx, setup, wish))
    expect(await rows(sql`select content from ticket_messages`)).toEqual([{ content: "\ufffdHostile \ufffd text" }])
    expect(await rows(sql`select status from ticket_attachments`)).toEqual([{ status: "waiting" }])
  })
})

describe("a ticket's place", () => {
  test("is a channel that the opener, staff and the bot see, with what the form said; staff have a thread of their own", async () => {
    const { id } = await opened({ description: "**bold** @everyone [x](https://evil.example) <@123>" })
    const row = await ticket(id)
    const channel = tickets.world.store.channels.get(String(row?.channel_id))
    expect(channel).toMatchObject({
      parent_id: ids.channels.tickets,
      name: expect.stringMatching(/^ticket-\d{4}-ada-example$/),
    })
    const sees = (user: string) => (channel ? (tickets.world.permissions(user, channel) & (1n << 10n)) !== 0n : false)
    expect([ids.users.ada, ids.users.sam, ids.users.bot, ids.users.ben].map(sees)).toEqual([true, true, true, false])
    const [first] = messagesIn(channel?.id)
    expect(first?.content).toContain(`<@${ids.users.ada}>`)
    expect(JSON.stringify(first?.embeds)).toContain("\\\\*\\\\*bold")
    expect(messagesIn(String(row?.staff_thread_id))[0]?.content).toContain("not linked")
    const thread = tickets.world.store.channels.get(String(row?.staff_thread_id))
    expect(thread?.parent_id).toBe(channel?.id)
  })

  test("lets nobody begin a thread, whose words would go with it: neither opener, nor staff, nor whoever is added", async () => {
    const { people } = tickets.fakes.discord
    const { users, roles } = ids
    people.setRolePermission({ role: roles.support, bit: permissionBits("CREATE_PRIVATE_THREADS"), on: true })
    const { id } = await opened()
    const actor = { kind: "discord", userId: users.sam, name: "Sam", isStaff: true } as const
    await changeMember(tickets.context({ actor }), { id, userId: users.ben, userName: "Ben", change: "add", once: "1" })
    const channel = String((await ticket(id))?.channel_id)
    for (const as of [users.ada, users.ben, users.sam])
      for (const secret of [true, false])
        expect(() => people.startThread({ as, channel, name: "Aside", private: secret })).toThrow("Missing Permissions")
    await closeTicket(tickets.context(), { id, reason: "Solved" })
    await carryTicket(tickets.context(), { id })
    await reopenTicket(tickets.context(), { id })
    await carryTicket(tickets.context(), { id })
    expect(() => people.startThread({ as: users.ada, channel, name: "Aside" })).toThrow("Missing Permissions")
  })

  test("is made where the server lets nobody begin threads, not even the bot for all to see", async () => {
    const { people } = tickets.fakes.discord
    people.setRolePermission({ role: ids.roles.everyone, bit: permissionBits("CREATE_PUBLIC_THREADS"), on: false })
    const { id } = await opened()
    const channel = String((await ticket(id))?.channel_id)
    expect(() => people.startThread({ as: ids.users.ada, channel, name: "Aside" })).toThrow("Missing Permissions")
    expect(tickets.places().filter(({ thread }) => thread === null)).toHaveLength(1)
  })

  test("is made for the longest form that Discord lets anybody send", async () => {
    const { id } = await opened({
      description: "d".repeat(4000),
      answers: Array.from({ length: 2 }, (_, index) => ({ question: `Question ${index}`, answer: "a".repeat(1000) })),
    })
    expect(await ticket(id)).toMatchObject({ status: "open", description: "d".repeat(4000) })
  })

  test("opens with an answer that may help, where the words call for one; staff see which replies may fit", async () => {
    const { id } = await opened({ description: "The server has a crash every hour, lag all day." })
    const row = await ticket(id)
    expect(JSON.stringify(messagesIn(String(row?.channel_id))[0]?.embeds)).toContain("This may help already")
    expect(messagesIn(String(row?.staff_thread_id))[0]?.content).toContain("Restart first")
  })

  test("is made once Discord is back, after an hour in which it was down", async () => {
    tickets.fakes.faults.set("discord", { unavailable: 1 })
    const ctx = tickets.context()
    const reserved = await reserve({}, ctx)
    const id = "id" in reserved ? reserved.id : ""
    for (let minutes = 0; minutes < 60; minutes += 30) {
      expect(await carryTicket(ctx, { id })).toBe("failed")
      ctx.clock.now = new Date(ctx.clock.now.getTime() + 30 * 60_000)
    }
    tickets.fakes.faults.clear()
    expect(await selectDueTickets(ctx, 10)).toEqual([id])
    expect(await carryTicket(ctx, { id })).toBe("done")
    expect(tickets.places().filter(({ thread }) => thread === null)).toHaveLength(1)
  }, 60_000)

  test("is a private thread of the panel's channel where the settings say so, with the opener in it", async () => {
    await tickets.setSupport({ place: "thread" })
    const { id } = await opened()
    const row = await ticket(id)
    expect(row).toMatchObject({ place_kind: "thread", status: "open" })
    const thread = tickets.world.store.channels.get(String(row?.channel_id))
    expect(thread?.parent_id).toBe(ids.channels.support)
  })

  test("goes to the overflow category when the first is full, then to one of its own, then to a thread", async () => {
    const parentOf = async (id: string) =>
      tickets.world.store.channels.get(String((await ticket(id))?.channel_id))?.parent_id
    fill(ids.channels.tickets, 50)
    expect(await parentOf((await opened()).id)).toBe(ids.channels.overflow)
    fill(ids.channels.overflow, 49)
    const own = await parentOf((await opened({ categoryId: "billing" })).id)
    expect(tickets.world.store.channels.get(String(own))?.name).toBe("Tickets (3)")
    expect(await parentOf((await opened({ categoryId: "setup" })).id)).toBe(own)
    const counted = [...tickets.world.store.channels.values()].filter(
      ({ guild, thread }) => guild !== null && thread === null,
    )
    fill(ids.channels.welcome, 500 - counted.length)
    const last = await opened({ categoryId: "other" })
    expect(await ticket(last.id)).toMatchObject({ place_kind: "thread" })
  })

  test("of twelve people at once, while all categories are full, is in the one category that is made for them", async () => {
    const { people } = tickets.fakes.discord
    fill(ids.channels.tickets, 50)
    fill(ids.channels.overflow, 50)
    const openers = Array.from({ length: 12 }, (_, index) => people.join({ name: `Opener ${index}` }))
    const reserved = await Promise.all(openers.map((openerId) => reserve({ openerId })))
    const outcomes = await Promise.all(
      reserved.map((each) => carryTicket(tickets.context(), { id: "id" in each ? each.id : "" })),
    )
    expect(new Set(outcomes)).toEqual(new Set(["done"]))
    expect(categories()).toEqual(["Tickets", "Tickets overflow", "Tickets (3)"])
    const made = tickets.places().filter(({ type }) => type === 4)
    expect(tickets.places().filter(({ parent_id }) => parent_id === made[0]?.id)).toHaveLength(12)
  })

  test("goes to a category made anew, where one that was made before has been deleted in Discord", async () => {
    const { people } = tickets.fakes.discord
    fill(ids.channels.tickets, 50)
    fill(ids.channels.overflow, 50)
    await opened()
    const made = tickets.places().find(({ type }) => type === 4)
    people.deleteChannel({ channel: String(made?.id) })
    const later = tickets.context({ now: new Date(Date.now() + 60_000) })
    const reserved = await reserve({ categoryId: "billing" }, later)
    expect(await carryTicket(later, { id: "id" in reserved ? reserved.id : "" })).toBe("done")
    expect(categories()).toEqual(["Tickets", "Tickets overflow", "Tickets (3)"])
  })

  test("that cannot be made is tried again: the ticket exists once, with the reason, and staff are told", async () => {
    const { roles } = ids
    tickets.fakes.discord.people.setRolePermission({
      role: roles.bot,
      bit: permissionBits("MANAGE_CHANNELS"),
      on: false,
    })
    const ctx = tickets.context()
    const reserved = await reserve({}, ctx)
    const id = "id" in reserved ? reserved.id : ""
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await carryTicket(ctx, { id })).toBe("failed")
      expect(await carryTicket(ctx, { id })).toBeNull()
      ctx.clock.now = new Date(ctx.clock.now.getTime() + 3_600_000)
    }
    expect(await ticket(id)).toMatchObject({ status: "opening", error: expect.stringMatching(/50013|permission/i) })
    expect(await rows(sql`select message from staff_notifications where key like 'ticket:%'`)).toHaveLength(1)
    tickets.fakes.discord.people.setRolePermission({
      role: roles.bot,
      bit: permissionBits("MANAGE_CHANNELS"),
      on: true,
    })
    expect(await carryTicket(ctx, { id })).toBe("done")
    expect(await ticket(id)).toMatchObject({ status: "open", error: null })
  })
})

describe("a place that is deleted", () => {
  test("before its first message, or while the ticket is closed, is made anew; so is the staff's thread", async () => {
    const { people } = tickets.fakes.discord
    const { id } = await opened()
    const first = await ticket(id)
    people.deleteChannel({ channel: String(first?.channel_id) })
    await db.execute(
      sql`update tickets set status = 'opening', attempts = 1, control_message_id = null where id = ${id}`,
    )
    const ctx = tickets.context()
    expect(await carryTicket(ctx, { id })).toBe("done")
    expect((await ticket(id))?.channel_id).not.toBe(first?.channel_id)

    await closeTicket(ctx, { id, reason: "Solved" })
    expect(await carryTicket(ctx, { id })).toBe("done")
    people.deleteChannel({ channel: String((await ticket(id))?.channel_id) })
    await reopenTicket(ctx, { id })
    expect(await carryTicket(ctx, { id })).toBe("done")
    const row = await ticket(id)
    expect(row).toMatchObject({ status: "open", error: null })
    expect(messagesIn(String(row?.channel_id)).length).toBeGreaterThan(0)
    expect(tickets.world.store.channels.has(String(row?.staff_thread_id))).toBe(true)
  })

  test("that was made by somebody who died, of a ticket that was closed meanwhile, is taken away", async () => {
    const reserved = await reserve()
    const id = "id" in reserved ? reserved.id : ""
    const ctx = tickets.context()
    expect(await carryTicket(ctx, { id })).toBe("done")
    await db.execute(sql`
      update tickets set status = 'opening', channel_id = null, place_kind = null, staff_thread_id = null, control_message_id = null where id = ${id}`)
    await closeTicket(ctx, { id, reason: "Never mind" })
    expect(await carryTicket(ctx, { id })).toBe("done")
    expect(tickets.places()).toEqual([])
  })
})

describe("a ticket that is closed", () => {
  test("tells its opener, asks how it was, is silent, and can be opened again in the same place", async () => {
    const { id } = await opened()
    const staff = tickets.context({ actor: { kind: "discord", userId: ids.users.sam, name: "Sam", isStaff: true } })
    await closeTicket(staff, { id, reason: "Solved" })
    await expect(closeTicket(staff, { id, reason: "Solved" })).rejects.toMatchObject({ code: "conflict" })
    expect(staff.queues.tickets.take()).toEqual([`ticket:${id}`])
    const ctx = tickets.context()
    expect(await carryTicket(ctx, { id })).toBe("done")
    const row = await ticket(id)
    expect(row).toMatchObject({ status: "closed", closed_by: `discord:${ids.users.sam}`, close_reason: "Solved" })
    const dms = [...tickets.world.store.messages.values()].filter(({ content }) => content.includes("How did we do?"))
    expect(dms).toHaveLength(1)
    const channel = tickets.world.store.channels.get(String(row?.channel_id))
    const maySend = () => (channel ? (tickets.world.permissions(ids.users.ada, channel) & (1n << 11n)) !== 0n : true)
    expect(maySend()).toBe(false)

    const opener = tickets.context({ actor: { kind: "discord", userId: ids.users.ada, name: "Ada" }, now: ctx.now() })
    const stranger = tickets.context({ actor: { kind: "discord", userId: ids.users.ben, name: "Ben" } })
    await expect(reopenTicket(stranger, { id })).rejects.toMatchObject({ code: "conflict" })
    await reopenTicket(opener, { id })
    expect(await carryTicket(ctx, { id })).toBe("done")
    expect(await ticket(id)).toMatchObject({ status: "open", channel_id: channel?.id, closed_at: null })
    expect(maySend()).toBe(true)
  })

  test("is closed once, told of once, however many close it at the same time", async () => {
    const { id } = await opened()
    const staff = (userId: string) =>
      tickets.context({ actor: { kind: "discord", userId, name: "Sam", isStaff: true } })
    const all = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => closeTicket(staff(`${index}`), { id, reason: "Solved" })),
    )
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    expect(await rows(sql`select kind from ticket_events where kind = 'closed'`)).toHaveLength(1)
    expect(
      await rows(sql`select action from audit_log where action = 'ticket.closed' and subject_id = ${id}`),
    ).toHaveLength(1)
  })

  test("closes although the bot may change no permissions and can read nothing more, and tells its opener once", async () => {
    const { id } = await opened()
    const place = String((await ticket(id))?.channel_id)
    const { people } = tickets.fakes.discord
    people.setRolePermission({ role: ids.roles.bot, bit: permissionBits("MANAGE_ROLES"), on: false })
    for (const message of messagesIn(place)) people.delete({ as: ids.users.owner, channel: place, message: message.id })
    const ctx = tickets.context()
    await closeTicket(ctx, { id, reason: "Solved" })
    for (let attempt = 0; attempt < 6 && (await ticket(id))?.status !== "closed"; attempt++) {
      await carryTicket(ctx, { id })
      ctx.clock.now = new Date(ctx.clock.now.getTime() + 3_600_000)
    }
    expect(await ticket(id)).toMatchObject({ status: "closed" })
    const told = [...tickets.world.store.messages.values()].filter(({ content }) => content.includes("What was said"))
    expect(told).toHaveLength(1)
  })

  test("of somebody who takes no direct messages asks in its place; of one whose channel was deleted closes all the same", async () => {
    tickets.fakes.discord.people.blockDms({ as: ids.users.ada, blocked: true })
    const { id } = await opened()
    const ctx = tickets.context()
    await closeTicket(ctx, { id, reason: "Solved" })
    expect(await carryTicket(ctx, { id })).toBe("done")
    const place = String((await ticket(id))?.channel_id)
    expect(messagesIn(place).at(-1)?.content).toContain("How did we do?")

    const other = await opened({ categoryId: "billing" })
    tickets.fakes.discord.people.deleteChannel({ channel: String((await ticket(other.id))?.channel_id) })
    await closeTicket(ctx, { id: other.id, reason: "Solved" })
    expect(await carryTicket(ctx, { id: other.id })).toBe("done")
    expect(await ticket(other.id)).toMatchObject({ status: "closed", remove_place_at: null })
  })
})

describe("whoever dies while a place is made", () => {
  class Died extends Error {}

  /** A context that lives for so many requests and statements; the last one may have been done, or not. */
  function mortal(calls: number, lastIsDone: boolean) {
    const ctx = tickets.context()
    let left = calls
    const live = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      left--
      if (left < 0) throw new Died()
      if (left > 0) return work()
      if (lastIsDone) await work()
      throw new Died()
    }
    const { discord } = ctx.vendors
    const request: typeof discord.request = (call) => live(() => discord.request(call))
    // What a dead process would write down about its own failure is not written.
    const db = new Proxy(ctx.db, {
      get(target, name, receiver) {
        const value = Reflect.get(target, name, receiver)
        if (name === "batch") return (given: never) => live(async () => target.batch(given))
        return name === "execute" ? (given: SQL) => dying(target.execute(given)) : value
      },
    })
    /** A statement counts when it is waited for; in a batch the batch counts. */
    const dying = <Query extends PromiseLike<unknown>>(query: Query): Query =>
      new Proxy(query, {
        get(target, name) {
          if (name === "then")
            return (done: () => void, failed: () => void) => live(async () => target).then(done, failed)
          const value: unknown = Reflect.get(target, name, target)
          return typeof value === "function" ? value.bind(target) : value
        },
      })
    return { ...ctx, db, vendors: { ...ctx.vendors, discord: { ...discord, request } } }
  }

  test.each([
    { lastIsDone: true, full: false },
    { lastIsDone: false, full: false },
    { lastIsDone: true, full: true },
    { lastIsDone: false, full: true },
  ])(
    "at any moment (its last request was done: $lastIsDone, all categories are full: $full) leaves one channel, one thread, each message once",
    async ({ lastIsDone, full }) => {
      let deaths = 0
      for (let calls = 1; calls <= (full ? 15 : 12); calls++) {
        await db.execute(sql`truncate tickets, overflow_categories cascade`)
        tickets.fakes.discord.reset()
        const filled: string[] = full ? [ids.channels.tickets, ids.channels.overflow] : []
        for (const parent of filled) fill(parent, 50)
        const reserved = await reserve()
        const id = "id" in reserved ? reserved.id : ""
        await carryTicket(mortal(calls, lastIsDone), { id }).catch((thrown: unknown) => {
          if (!(thrown instanceof Died)) throw thrown
          deaths++
        })
        const later = tickets.context({ now: new Date(Date.now() + 3 * 60_000) })
        const outcome = await carryTicket(later, { id })
        expect([calls, outcome === "failed"]).toEqual([calls, false])
        const row = await ticket(id)
        expect([calls, row?.status]).toEqual([calls, "open"])
        const places = tickets.places().filter(({ type, parent_id }) => type !== 4 && !filled.includes(parent_id ?? ""))
        expect([calls, categories().length]).toEqual([calls, full ? 3 : 2])
        expect([calls, places.map(({ thread }) => thread === null)]).toEqual([calls, [true, false]])
        expect([calls, messagesIn(String(row?.channel_id)).filter(({ embeds }) => embeds.length > 0).length]).toEqual([
          calls,
          1,
        ])
        expect([calls, messagesIn(String(row?.staff_thread_id)).length]).toEqual([calls, 1])
      }
      expect(deaths).toBeGreaterThan(8)
    },
    120_000,
  )

  test.each([true, false])(
    "at any moment leaves one thread and one of staff (its last request was done: %s)",
    async (lastIsDone) => {
      let deaths = 0
      await tickets.setSupport({ place: "thread" })
      for (let calls = 1; calls <= 13; calls++) {
        await db.execute(sql`truncate tickets, overflow_categories cascade`)
        tickets.fakes.discord.reset()
        const reserved = await reserve()
        const id = "id" in reserved ? reserved.id : ""
        await carryTicket(mortal(calls, lastIsDone), { id }).catch((thrown: unknown) => {
          if (!(thrown instanceof Died)) throw thrown
          deaths++
        })
        await carryTicket(tickets.context({ now: new Date(Date.now() + 3 * 60_000) }), { id })
        const row = await ticket(id)
        expect([calls, row?.status, row?.place_kind]).toEqual([calls, "open", "thread"])
        const there = tickets.places().map((each) => each.id)
        expect([calls, there.toSorted()]).toEqual([
          calls,
          [String(row?.channel_id), String(row?.staff_thread_id)].toSorted(),
        ])
      }
      expect(deaths).toBeGreaterThan(8)
    },
    120_000,
  )

  /** A ticket that is opened again after its place was deleted by hand, by somebody who dies over it. */
  async function reopenedBy(dying: () => ReturnType<typeof mortal>, place: string) {
    await db.execute(sql`truncate tickets, overflow_categories cascade`)
    tickets.fakes.discord.reset()
    await tickets.setSupport({ place })
    const { id } = await opened()
    const ctx = tickets.context()
    await closeTicket(ctx, { id, reason: "Solved" })
    expect(await carryTicket(ctx, { id })).toBe("done")
    tickets.fakes.discord.people.deleteChannel({ channel: String((await ticket(id))?.channel_id) })
    await reopenTicket(ctx, { id })
    let died = false
    await carryTicket(dying(), { id }).catch((thrown: unknown) => {
      if (!(thrown instanceof Died)) throw thrown
      died = true
    })
    return { id, died, later: tickets.context({ now: new Date(Date.now() + 3 * 60_000) }) }
  }
  const ways = ["channel", "thread"].flatMap((place) => [true, false].map((lastIsDone) => ({ place, lastIsDone })))

  test.each(ways)(
    "at any moment of opening it again after it was deleted (a $place, its last request was done: $lastIsDone) leaves one, and one thread of staff",
    async ({ place, lastIsDone }) => {
      let deaths = 0
      for (let calls = 1; calls <= 14; calls++) {
        const { id, died, later } = await reopenedBy(() => mortal(calls, lastIsDone), place)
        if (died) deaths++
        expect([calls, (await carryTicket(later, { id })) === "failed"]).toEqual([calls, false])
        const row = await ticket(id)
        expect([calls, row?.status]).toEqual([calls, "open"])
        const there = tickets.places().map((each) => each.id)
        expect([calls, there.toSorted()]).toEqual([
          calls,
          [String(row?.channel_id), String(row?.staff_thread_id)].toSorted(),
        ])
        const first = messagesIn(String(row?.channel_id)).filter(({ embeds }) => embeds.length > 0)
        expect([calls, first.length]).toEqual([calls, 1])
      }
      expect(deaths).toBeGreaterThan(8)
    },
    120_000,
  )

  test.each(["channel", "thread"])(
    "at any moment of opening it again leaves no place where the ticket is closed instead: %s",
    async (place) => {
      for (let calls = 3; calls <= 9; calls++) {
        const { id, later } = await reopenedBy(() => mortal(calls, true), place)
        await closeTicket(later, { id, reason: "Never mind" })
        expect([calls, await carryTicket(later, { id })]).toEqual([calls, "done"])
        later.clock.now = new Date(Date.now() + 25 * 3_600_000)
        await tendTicket(later, { id })
        expect([calls, tickets.places()]).toEqual([calls, []])
      }
    },
    120_000,
  )
})

test.each([
  ["a word", "Help", "Help"],
  ["its first line", "Help me\nwith this", "Help me"],
  ["as many words as fit", `${"word ".repeat(30)}`, `${"word ".repeat(19).trim()}…`],
  ["what fits of what has no words", "x".repeat(200), `${"x".repeat(99)}…`],
  ["no half characters", "😀".repeat(80), expect.stringMatching(/^(?:😀)+\uFFFD?…$/u)],
  ["nothing", " ", "No subject"],
])("the subject of a ticket is %s of what was written", (_what, description, subject) => {
  expect(subjectOf(description)).toEqual(subject)
})
