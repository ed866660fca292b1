import { sql } from "drizzle-orm"
import { describe, expect, test } from "vitest"
import { carryTicket } from "../../shared/support/carryTicket.ts"
import { closeTicket } from "../../shared/support/work/closeTicket.ts"
import { reopenTicket } from "../../shared/support/work/reopenTicket.ts"
import { permissionBits } from "../../shared/vendors/discord/permissions.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useCommands } from "./commands/useCommands.ts"

const desk = useCommands(useDatabase())
const { users, roles } = desk.ids

/** Who of these may write there. */
const writers = (channel: string, people: string[] = [users.ada, users.ben, users.sam]) =>
  people.filter((as) => {
    try {
      desk.people().say({ as, channel, content: "Hello" })
      return true
    } catch {
      return false
    }
  })
const everybody = [users.ada, users.ben, users.sam]
const close = async (place: string) => {
  expect(await desk.run(users.sam, place, "ticket close", { reason: "Solved" })).toContain("is closed")
}
const reopen = async (id: string) => {
  await reopenTicket({ ...desk.context(), actor: { kind: "discord", userId: users.ada, name: "Ada" } }, { id })
  expect(await carryTicket(desk.context(), { id })).toBe("done")
}
/** Staff see threads, and write in locked ones, by managing threads. */
const manageThreads = () =>
  desk.people().setRolePermission({ role: roles.support, bit: permissionBits("MANAGE_THREADS"), on: true })

describe.each(["channel", "thread"])("the %s of a closed ticket", (place) => {
  test("lets nobody write but staff, and everybody again who was in it once it is reopened", async () => {
    await desk.setSupport({ place })
    manageThreads()
    const ticket = await desk.open()
    await desk.run(users.sam, ticket.place, "ticket add", { user: users.ben })
    expect(writers(ticket.place)).toEqual(everybody)
    await close(ticket.place)
    expect(writers(ticket.place)).toEqual([users.sam])
    await reopen(ticket.id)
    expect(await desk.row(ticket.id)).toMatchObject({ channel_id: ticket.place, status: "open" })
    expect(writers(ticket.place)).toEqual(everybody)
  })

  test("takes the button of an opener whom no direct message reaches, and not their words", async () => {
    await desk.setSupport({ place })
    manageThreads()
    desk.people().blockDms({ as: users.ada, blocked: true })
    const ticket = await desk.open()
    await desk.run(users.sam, ticket.place, "ticket add", { user: users.ben })
    await close(ticket.place)
    expect(writers(ticket.place, [users.ada, users.ben])).toEqual([])
    const asked = desk.said(ticket.place).find(({ content }) => content.includes("How did we do?"))
    await desk.people().press({
      as: users.ada,
      channel: ticket.place,
      message: String(asked?.id),
      customId: `ticket.reopen:${ticket.id}`,
    })
    await desk.settled()
    expect(writers(ticket.place)).toEqual(everybody)
  })

  test("is silent before it is read for the last time, so that nothing said is lost", async () => {
    await desk.setSupport({ place })
    manageThreads()
    const ticket = await desk.open()
    await desk.run(users.sam, ticket.place, "ticket add", { user: users.ben })
    const ctx = desk.context()
    await closeTicket(
      { ...ctx, actor: { kind: "discord", userId: users.ada, name: "Ada" } },
      { id: ticket.id, reason: "x" },
    )
    desk.people().say({ as: users.ben, channel: ticket.place, content: "One more thing" })
    const listing = async (call: { path: string; method: string }) => {
      if (call.method === "GET" && call.path === `/channels/${ticket.place}/messages`)
        expect(writers(ticket.place, [users.ada, users.ben])).toEqual([])
    }
    const request: typeof ctx.vendors.discord.request = async (call) => {
      await listing(call)
      return ctx.vendors.discord.request(call)
    }
    const watched = { ...ctx, vendors: { ...ctx.vendors, discord: { ...ctx.vendors.discord, request } } }
    expect(await carryTicket(watched, { id: ticket.id })).toBe("done")
    const kept = await desk.rows(sql`select from ticket_messages where content = 'One more thing'`)
    expect(kept).toHaveLength(1)
  })

  test("is closed again by whoever takes it up after a death, and taken away later all the same", async () => {
    await desk.setSupport({ place })
    manageThreads()
    const ticket = await desk.open()
    await close(ticket.place)
    await desk.db.execute(sql`update tickets set status = 'closing', remove_place_at = null where id = ${ticket.id}`)
    expect(await carryTicket(desk.context(), { id: ticket.id })).toBe("done")
    expect(await desk.row(ticket.id)).toMatchObject({ status: "closed", remove_place_at: expect.anything() })
    expect(writers(ticket.place, [users.ada])).toEqual([])
  })
})

test("who is on the staff by an account of ours and was added keeps the right to write, as does the bot", async () => {
  await desk.account("support", users.cleo)
  const ticket = await desk.open()
  await desk.run(users.sam, ticket.place, "ticket add", { user: users.cleo })
  await close(ticket.place)
  expect(writers(ticket.place, [users.ada, users.cleo])).toEqual([users.cleo])
  expect(desk.said(ticket.place).at(-2)?.content).toContain("was closed")
})

test("nobody writes in a thread that somebody begins in a closed channel", async () => {
  const ticket = await desk.open()
  await close(ticket.place)
  const channel = desk.world.store.channels.get(ticket.place)
  const bits = channel ? desk.world.permissions(users.ada, channel) : 0n
  expect(bits & permissionBits("SEND_MESSAGES_IN_THREADS", "SEND_MESSAGES")).toBe(0n)
  expect(bits & permissionBits("VIEW_CHANNEL", "READ_MESSAGE_HISTORY")).not.toBe(0n)
})

test("where the bot may not change that, the ticket closes, and staff are told who may still write", async () => {
  const ticket = await desk.open()
  desk.people().setRolePermission({ role: roles.bot, bit: permissionBits("MANAGE_ROLES"), on: false })
  await close(ticket.place)
  expect(await desk.row(ticket.id)).toMatchObject({ status: "closed" })
  const told = await desk.rows(sql`select message from staff_notifications where key like 'unsilenced:%'`)
  expect(told).toEqual([{ message: expect.stringContaining("may still write there") }])
})

test("whoever is added to a channel in the moment in which it is closed sees it, and does not write there", async () => {
  const ticket = await desk.open()
  const { discord } = desk.context().vendors
  const request = discord.request.bind(discord)
  let closed = false
  discord.request = async (call) => {
    if (call.method === "PUT" && call.path.endsWith(`/permissions/${users.cleo}`) && !closed) {
      closed = true
      await closeTicket(
        { ...desk.context(), actor: { kind: "discord", userId: users.ada, name: "Ada" } },
        { id: ticket.id, reason: "x" },
      )
      expect(await carryTicket(desk.context(), { id: ticket.id })).toBe("done")
    }
    return request(call)
  }
  await desk.run(users.sam, ticket.place, "ticket add", { user: users.cleo })
  expect(closed).toBe(true)
  const channel = desk.world.store.channels.get(ticket.place)
  const bits = channel ? desk.world.permissions(users.cleo, channel) : 0n
  expect(bits & permissionBits("SEND_MESSAGES", "SEND_MESSAGES_IN_THREADS")).toBe(0n)
  expect(bits & permissionBits("VIEW_CHANNEL")).not.toBe(0n)
  expect(desk.said(ticket.place).at(-1)?.content).toContain("was closed")
})
