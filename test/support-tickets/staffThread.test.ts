import { sql } from "drizzle-orm"
import { beforeEach, describe, expect, test } from "vitest"
import { captureTicket } from "../../shared/support/capture/captureTicket.ts"
import { carryTicket } from "../../shared/support/carryTicket.ts"
import { reserveTicket } from "../../shared/support/open/reserveTicket.ts"
import { deliverReply } from "../../shared/support/reply/deliverReply.ts"
import { tendTicket } from "../../shared/support/stale/tendTicket.ts"
import { loadSupport } from "../../shared/support/supportSetup.ts"
import { sweepTickets } from "../../shared/support/sweepTickets.ts"
import { replyToTicket } from "../../shared/support/ticketDetail/replyToTicket.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useTickets } from "./useTickets.ts"

const tickets = useTickets(useDatabase())
const { db, rows, ids } = tickets
const actor = { kind: "staff", id: crypto.randomUUID(), email: "bea@local.test", name: "Bea", role: "support" } as const

async function reserve() {
  const ctx = tickets.context()
  const reserved = await reserveTicket(ctx, await loadSupport(ctx), tickets.wish())
  if (reserved.outcome !== "reserved") throw new Error(`It was not reserved: ${reserved.outcome}.`)
  return reserved.id
}
const ticket = async () => (await rows(sql`select * from tickets`))[0] ?? {}
const threadId = async () => String((await ticket()).staff_thread_id)
const channelId = async () => String((await ticket()).channel_id)
const said = (place: string) =>
  tickets.world.store.conversation(place).flatMap(({ embeds }) => embeds.map(({ description }) => description))
const staffThreads = () => tickets.places().filter(({ name }) => name.startsWith("Staff: "))

describe.each(["channel", "thread"])(
  "of a ticket whose place is a %s, the staff's thread that was deleted",
  (place) => {
    let id = ""
    beforeEach(async () => {
      await tickets.setSupport({ place })
      id = await reserve()
      await carryTicket(tickets.context(), { id })
      tickets.fakes.discord.people.deleteChannel({ channel: await threadId() })
    })
    async function note(content: string) {
      const messageId = crypto.randomUUID()
      await replyToTicket(tickets.context({ actor }), { messageId, ticketId: id, content, internal: true })
      return messageId
    }
    const deliver = async (messageId: string) => await deliverReply(tickets.context(), { id: messageId })

    test("is made anew for the next note, and holds those after it", async () => {
      expect(await deliver(await note("First"))).toBe("sent")
      expect(await deliver(await note("Second"))).toBe("sent")
      expect(said(await threadId())).toEqual(["First", "Second"])
      expect(said(await channelId())).not.toContain("First")
      expect(staffThreads()).toHaveLength(1)
    })

    test("is made anew where the last look has found it gone", async () => {
      await captureTicket(tickets.context(), { id })
      expect(await ticket()).toMatchObject({ staff_thread_id: null, status: "open" })
      expect(await deliver(await note("First"))).toBe("sent")
      expect(said(await threadId())).toEqual(["First"])
    })

    test("is made once for notes of the same moment", async () => {
      await db.execute(sql`update tickets set staff_thread_id = null`)
      const notes = [await note("First"), await note("Second"), await note("Third")]
      await Promise.all(notes.map(deliver))
      for (const each of notes)
        await deliverReply(tickets.context({ now: new Date(Date.now() + 60_000) }), { id: each })
      expect(said(await threadId()).toSorted()).toEqual(["First", "Second", "Third"])
      expect(staffThreads()).toHaveLength(1)
    })
  },
)

test("a note for a ticket without any place fails, and says so", async () => {
  const id = await reserve()
  await carryTicket(tickets.context(), { id })
  const messageId = crypto.randomUUID()
  await replyToTicket(tickets.context({ actor }), { messageId, ticketId: id, content: "Hm", internal: true })
  await db.execute(sql`update tickets set staff_thread_id = null, channel_id = null`)
  expect(await deliverReply(tickets.context(), { id: messageId })).toBe("failed")
  expect(await rows(sql`select error from ticket_messages where id = ${messageId}`)).toEqual([
    { error: "The ticket has no place in Discord any more." },
  ])
})

test.each(["channel", "thread"])(
  "a thread of somebody else that is called like the staff's is not taken for it: %s",
  async (place) => {
    await tickets.setSupport({ place })
    const id = await reserve()
    const ctx = tickets.context()
    await carryTicket(ctx, { id })
    const parent = place === "thread" ? ids.channels.support : await channelId()
    const everyone = tickets.world.store.channels
      .get(parent)
      ?.permission_overwrites.find((each) => each.id === ids.roles.everyone)
    // As in a channel that was made before nobody might begin a thread there.
    if (everyone) everyone.deny = String(BigInt(everyone.deny) & ~(1n << 35n))
    const { number } = await ticket()
    const name = `Staff: #${String(number).padStart(4, "0")}`
    const theirs = tickets.fakes.discord.people.startThread({ as: ids.users.ada, channel: parent, name })
    tickets.fakes.discord.people.deleteChannel({ channel: await threadId() })
    await db.execute(sql`
      update tickets set status = 'opening', attempts = 1, lease_until = null, next_attempt_at = null, staff_thread_id = null`)
    expect(await carryTicket(tickets.context({ now: new Date(Date.now() + 600_000) }), { id })).toBe("done")
    expect(await threadId()).not.toBe(theirs.id)
    expect(tickets.world.store.conversation(theirs.id)).toEqual([])
    expect(tickets.world.store.channels.get(await threadId())).toMatchObject({ name, type: 12 })
  },
)

test("a thread of somebody else that is called like a ticket is neither taken for its place nor taken away", async () => {
  await tickets.setSupport({ place: "thread" })
  const id = await reserve()
  const { number } = await ticket()
  const name = `#${String(number).padStart(4, "0")} Ada Example`
  const theirs = tickets.fakes.discord.people.startThread({ as: ids.users.ada, channel: ids.channels.support, name })
  await db.execute(sql`update tickets set attempts = 1`)
  expect(await carryTicket(tickets.context(), { id })).toBe("done")
  expect(await channelId()).not.toBe(theirs.id)
  await db.execute(
    sql`update tickets set status = 'closing', channel_id = null, place_kind = null, attempts = 0, next_attempt_at = null`,
  )
  expect(await carryTicket(tickets.context({ now: new Date(Date.now() + 600_000) }), { id })).toBe("done")
  expect(tickets.world.store.channels.has(theirs.id)).toBe(true)
})

test("the staff's thread of a ticket whose own was deleted is read to its end, and taken away in time", async () => {
  await tickets.setSupport({ place: "thread" })
  const id = await reserve()
  await carryTicket(tickets.context(), { id })
  const [thread, place] = [await threadId(), await channelId()]
  tickets.fakes.discord.people.deleteChannel({ channel: place })
  const noor = { as: ids.users.noor, channel: thread }
  tickets.fakes.discord.people.say({ ...noor, content: "Somebody has deleted it" })
  await captureTicket(tickets.context(), { id })
  expect(await ticket()).toMatchObject({ status: "closing" })
  tickets.fakes.discord.people.say({ ...noor, content: "Who was it?" })
  expect(await carryTicket(tickets.context(), { id })).toBe("done")
  const kept = async () =>
    (await rows(sql`select content from ticket_messages where internal order by sent_at`)).slice(-2)
  expect(await kept()).toEqual([{ content: "Somebody has deleted it" }, { content: "Who was it?" }])
  const nextDay = tickets.context({ now: new Date(Date.now() + 25 * 3_600_000) })
  expect((await sweepTickets(nextDay)).refs).toContain(`tend:${id}`)
  await tendTicket(nextDay, { id })
  expect([await ticket(), tickets.places()]).toEqual([
    expect.objectContaining({ status: "closed", channel_id: null, staff_thread_id: null, remove_place_at: null }),
    [],
  ])
})
