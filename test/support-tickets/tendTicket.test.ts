import { sql } from "drizzle-orm"
import { describe, expect, test } from "vitest"
import { deleteFiles } from "../../shared/files/deleteFiles.ts"
import { captureTicket } from "../../shared/support/capture/captureTicket.ts"
import { carryTicket } from "../../shared/support/carryTicket.ts"
import { reserveTicket } from "../../shared/support/open/reserveTicket.ts"
import { nextStep } from "../../shared/support/stale/nextStep.ts"
import { tendTicket } from "../../shared/support/stale/tendTicket.ts"
import { loadSupport } from "../../shared/support/supportSetup.ts"
import { sweepTickets } from "../../shared/support/sweepTickets.ts"
import { replyToTicket } from "../../shared/support/ticketDetail/replyToTicket.ts"
import { retryCapture } from "../../shared/support/ticketDetail/retryCapture.ts"
import { closeTicket } from "../../shared/support/work/closeTicket.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useTickets } from "./useTickets.ts"

const database = useDatabase()
const { db } = database
const tickets = useTickets(database)
const { ids, rows } = tickets
const hour = 3_600_000
const now = new Date("2026-11-20T12:00:00Z")
const ago = (hours: number) => new Date(now.getTime() - hours * hour)

test.each([
  ["nobody is late", {}, 5, null],
  ["staff are reminded", { lastFrom: "opener" }, 25, "remind"],
  ["an opener is reminded", {}, 25, "remind"],
  ["an opener who was reminded is left alone", { nudgedAt: ago(1) }, 25, null],
  ["an opener is warned", { nudgedAt: ago(48) }, 73, "warn"],
  ["staff are never warned", { lastFrom: "opener", nudgedAt: ago(48) }, 73, null],
  ["who was warned just now is not closed yet", { warnedAt: ago(0.5) }, 97, null],
  ["who was warned is closed", { warnedAt: ago(25) }, 97, "close"],
  ["what waits for staff is never closed", { lastFrom: "opener", nudgedAt: ago(90) }, 500, null],
  ["who was warned before they spoke again is reminded anew", { warnedAt: ago(60) }, 30, "remind"],
  ["whoever writes mails is not reminded", { source: "email" }, 30, null],
  ["whoever writes mails is warned", { source: "email" }, 73, "warn"],
  ["staff are reminded of mails, too", { source: "email", lastFrom: "opener" }, 500, "remind"],
  ["a closed one whose place is due to go", { status: "closed", removePlaceAt: ago(1) }, 1, "remove"],
  ["a closed one whose place stays a while", { status: "closed", removePlaceAt: ago(-1) }, 500, null],
] as const)("%s", (_name, change, silentHours, step) => {
  const ticket = {
    status: "open",
    source: "discord",
    lastFrom: "staff",
    lastMessageAt: ago(silentHours),
    nudgedAt: null,
    warnedAt: null,
    removePlaceAt: null,
    ...change,
  } as const
  expect(nextStep(ticket, { nudgeHours: 24, warnHours: 72, closeHours: 96 }, now)).toBe(step)
  expect(nextStep(ticket, { nudgeHours: 0, warnHours: 0, closeHours: 0 }, now)).toBe(step === "remove" ? step : null)
})

async function opened(hoursAgo: number, lastFrom: "staff" | "opener") {
  const ctx = tickets.context()
  const reserved = await reserveTicket(ctx, await loadSupport(ctx), tickets.wish())
  const id = "id" in reserved ? reserved.id : ""
  expect(await carryTicket(ctx, { id })).toBe("done")
  await db.execute(sql`
    update tickets set last_message_at = now() - make_interval(hours => ${hoursAgo}), last_from = ${lastFrom} where id = ${id}`)
  return { id, row: async () => (await rows(sql`select * from tickets where id = ${id}`))[0] }
}
const said = (channel: unknown) => tickets.world.store.conversation(String(channel)).map(({ content }) => content)

test("an opener who stays silent is reminded, warned and the ticket closed, each once; then its place goes", async () => {
  const { id, row } = await opened(25, "staff")
  const place = (await row())?.channel_id
  const ctx = tickets.context()
  expect((await sweepTickets(ctx)).refs).toContain(`tend:${id}`)
  await Promise.all([tendTicket(ctx, { id }), tendTicket(ctx, { id })])
  await tendTicket(ctx, { id })
  expect(said(place).filter((content) => content.includes("did that help?"))).toHaveLength(1)
  ctx.clock.now = new Date(Date.now() + 50 * hour)
  await tendTicket(ctx, { id })
  await tendTicket(ctx, { id })
  expect(said(place).filter((content) => content.includes("this ticket is closed"))).toHaveLength(1)
  ctx.clock.now = new Date(Date.now() + 75 * hour)
  await tendTicket(ctx, { id })
  expect(await row()).toMatchObject({ status: "closing", close_reason: "There was no answer." })
  expect(await carryTicket(ctx, { id })).toBe("done")
  expect((await rows(sql`select kind from ticket_events order by at`)).map(({ kind }) => kind)).toEqual([
    "opened",
    "nudged",
    "warned",
    "closed",
  ])
  ctx.clock.now = new Date(Date.now() + 100 * hour)
  expect((await sweepTickets(ctx)).refs).toContain(`tend:${id}`)
  await tendTicket(ctx, { id })
  expect(tickets.places()).toEqual([])
  expect(await row()).toMatchObject({ channel_id: null, status: "closed" })
})

test("who has spoken since anybody last looked is neither closed, warned nor reminded", async () => {
  const { people } = tickets.fakes.discord
  for (const [silentHours, warnedHoursAgo] of [
    [97, 2],
    [73, null],
    [25, null],
  ]) {
    const { id, row } = await opened(Number(silentHours), "staff")
    if (warnedHoursAgo)
      await db.execute(
        sql`update tickets set warned_at = now() - make_interval(hours => ${warnedHoursAgo}) where id = ${id}`,
      )
    const place = String((await row())?.channel_id)
    const before = said(place).length
    people.say({ as: ids.users.ada, channel: place, content: "Wait!" })
    await tendTicket(tickets.context(), { id })
    expect(await row()).toMatchObject({ status: "open", last_from: "opener", warned_at: null, nudged_at: null })
    expect(said(place)).toHaveLength(before + 1)
    await closeTicket(tickets.context(), { id, reason: "Next" })
    await carryTicket(tickets.context(), { id })
  }
})

test("two who close the same silent ticket close it once, and neither takes that for a failure", async () => {
  const { id, row } = await opened(97, "staff")
  await db.execute(sql`update tickets set warned_at = now() - interval '2 hours' where id = ${id}`)
  await db.execute(sql`delete from staff_notifications`)
  await Promise.all(Array.from({ length: 5 }, () => tendTicket(tickets.context(), { id })))
  expect(await row()).toMatchObject({ status: "closing", error: null, tend_at: null })
  expect(await rows(sql`select key from staff_notifications`)).toEqual([])
  expect(await rows(sql`select kind from ticket_events where kind = 'closed'`)).toHaveLength(1)
})

test("staff who have answered in Discord since anybody last looked are not reminded", async () => {
  const { id, row } = await opened(25, "opener")
  const place = String((await row())?.channel_id)
  tickets.fakes.discord.people.say({ as: ids.users.sam, channel: place, content: "Have you restarted it?" })
  await tendTicket(tickets.context(), { id })
  expect(await row()).toMatchObject({ last_from: "staff", nudged_at: null })
})

test("what cannot be read is not closed: the ticket waits, and the reason stands on it", async () => {
  const { id, row } = await opened(97, "staff")
  await db.execute(sql`update tickets set warned_at = now() - interval '2 hours' where id = ${id}`)
  tickets.fakes.faults.set("discord", { unavailable: 1 })
  await tendTicket(tickets.context(), { id })
  tickets.fakes.faults.clear()
  expect(await row()).toMatchObject({
    status: "open",
    tend_at: expect.anything(),
    error: expect.stringContaining("503"),
  })
})

describe("what could not be done once", () => {
  /** A ticket whose reminder Discord has refused, an hour ago. */
  async function refused() {
    const { id, row } = await opened(25, "staff")
    const place = String((await row())?.channel_id)
    tickets.fakes.faults.discord.set({ unavailable: { count: 100, on: "POST" } })
    await tendTicket(tickets.context(), { id })
    tickets.fakes.faults.clear()
    expect(await row()).toMatchObject({ tend_at: expect.anything(), error: expect.anything() })
    const later = tickets.context({ now: new Date(Date.now() + hour + 60_000), actor: sam })
    return { id, row, place, later }
  }
  const sam = { kind: "staff", id: ids.users.sam, email: "sam@local.test", name: "Sam", role: "support" } as const
  const clear = { tend_at: null, error: null }

  test("is no trouble any more once it is done", async () => {
    const { id, row, later } = await refused()
    await tendTicket(later, { id })
    expect(await row()).toMatchObject({ ...clear, nudged_at: expect.anything() })
  })

  test("is no trouble any more once somebody has spoken, in Discord or in the staff pages", async () => {
    const { id, row, place, later } = await refused()
    tickets.fakes.discord.people.say({ as: ids.users.ada, channel: place, content: "It works" })
    await captureTicket(later, { id })
    expect(await row()).toMatchObject(clear)
    await db.execute(sql`update tickets set error = 'refused', tend_at = now()`)
    await replyToTicket(later, { messageId: crypto.randomUUID(), ticketId: id, content: "Good", internal: false })
    expect(await row()).toMatchObject(clear)
  })

  test("is done at once when staff have it tried again, and is no trouble where it is not asked for any more", async () => {
    const { id, row } = await refused()
    const soon = tickets.context({ actor: sam })
    await retryCapture(soon, { id })
    expect(soon.queues.tickets.take()).toContain(`tend:${id}`)
    expect((await sweepTickets(soon)).refs).toContain(`tend:${id}`)
    await tickets.setSupport({ nudgeHours: 0 })
    await tendTicket(soon, { id })
    expect(await row()).toMatchObject({ ...clear, nudged_at: null })
  })

  test("to a closed ticket's place is done when staff have it tried again", async () => {
    const { id, row, later } = await refused()
    await closeTicket(later, { id, reason: "Solved" })
    await carryTicket(later, { id })
    await db.execute(
      sql`update tickets set remove_place_at = now(), tend_at = now() + interval '1 day', error = 'refused'`,
    )
    await retryCapture(later, { id })
    expect((await sweepTickets(later)).refs).toContain(`tend:${id}`)
    await tendTicket(later, { id })
    expect(await row()).toMatchObject({ ...clear, channel_id: null })
  })
})

test("staff who owe the reply are reminded where only they read, and an opener who left closes their ticket", async () => {
  const { id, row } = await opened(30, "opener")
  const ctx = tickets.context()
  await tendTicket(ctx, { id })
  expect(said((await row())?.staff_thread_id).at(-1)).toContain(`<@&${ids.roles.support}>, this ticket waits`)
  await db.execute(sql`update tickets set nudged_at = null`)
  tickets.fakes.discord.people.leave({ as: ids.users.ada })
  await tendTicket(ctx, { id })
  expect(await row()).toMatchObject({ status: "closing", close_reason: "Whoever opened it has left the server." })
  expect(await carryTicket(ctx, { id })).toBe("done")
})

test("who has claimed a ticket is reminded by name, however they did, and the role where their account is switched off", async () => {
  const role = `<@&${ids.roles.support}>, this ticket waits`
  const account = crypto.randomUUID()
  await db.execute(sql`
    insert into staff (id, email, name, role, created_at, discord_user_id)
    values (${account}, 'sam@local.test', 'Sam', 'support', now(), ${ids.users.sam})`)
  for (const [claimedBy, disabled, whom] of [
    [`staff:${account}`, false, `<@${ids.users.sam}>, this ticket waits`],
    [`discord:${ids.users.sam}`, false, `<@${ids.users.sam}>, this ticket waits`],
    [`discord:${ids.users.ben}`, false, `<@${ids.users.ben}>, this ticket waits`],
    [`staff:${account}`, true, role],
    [`staff:${crypto.randomUUID()}`, false, role],
  ] as const) {
    const { id, row } = await opened(30, "opener")
    await db.execute(sql`update tickets set claimed_by = ${claimedBy} where id = ${id}`)
    await db.execute(sql`update staff set disabled_at = ${disabled ? sql`now()` : null} where id = ${account}`)
    await tendTicket(tickets.context(), { id })
    expect(said((await row())?.staff_thread_id).at(-1)).toContain(whom)
    await closeTicket(tickets.context(), { id, reason: "Next" })
    await carryTicket(tickets.context(), { id })
  }
  await db.execute(sql`delete from staff where id = ${account}`)
})

test("silence by mail: staff get a notice, whoever wrote is warned by mail, and the ticket closes", async () => {
  const ctx = tickets.context()
  const id = crypto.randomUUID()
  const silent = (hours: number, lastFrom: string) =>
    db.execute(
      sql`update tickets set last_message_at = now() - make_interval(hours => ${hours}), last_from = ${lastFrom} where id = ${id}`,
    )
  await db.execute(sql`
    insert into tickets (id, source, status, category_id, subject, description, opener_name, opener_email, opened_at, last_message_at, first_response_at)
    values (${id}, 'email', 'open', 'other', 'Help', 'Help', 'Ada', 'ada@example.com', now(), now(), now())`)
  await silent(30, "opener")
  expect((await sweepTickets(ctx)).refs).toContain(`tend:${id}`)
  await tendTicket(ctx, { id })
  await tendTicket(ctx, { id })
  expect(await rows(sql`select message from staff_notifications where key like 'nudge:%'`)).toHaveLength(1)
  await silent(73, "staff")
  await tendTicket(ctx, { id })
  await tendTicket(ctx, { id })
  expect(await rows(sql`select author_kind, delivery from ticket_messages where ticket_id = ${id}`)).toEqual([
    { author_kind: "bot", delivery: "queued" },
  ])
  ctx.clock.now = new Date(Date.now() + 24 * hour)
  await tendTicket(ctx, { id })
  expect(await carryTicket(ctx, { id })).toBe("done")
  expect(await rows(sql`select status from tickets where id = ${id}`)).toEqual([{ status: "closed" }])
})

test("a place is taken away with what was said in it after closing kept, and files that nobody names are deleted", async () => {
  const { id, row } = await opened(1, "opener")
  const ctx = tickets.context()
  await closeTicket(ctx, { id, reason: "Solved" })
  await carryTicket(ctx, { id })
  const place = String((await row())?.channel_id)
  tickets.fakes.discord.people.say({ as: ids.users.sam, channel: place, content: "For the record." })
  ctx.clock.now = new Date(Date.now() + 25 * hour)
  await tendTicket(ctx, { id })
  expect((await rows(sql`select content from ticket_messages where content = 'For the record.'`)).length).toBe(1)
  tickets.files.files.set("tickets/x/y", new Uint8Array([1]))
  await db.execute(
    sql`insert into file_deletions (key, requested_at) values ('tickets/x/y', now()), ('never/there', now())`,
  )
  expect(await deleteFiles(ctx)).toBe(2)
  expect([tickets.files.files.size, await deleteFiles(ctx)]).toEqual([0, 0])
})
