import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { AppError } from "../../shared/errors.ts"
import { captureTicket } from "../../shared/support/capture/captureTicket.ts"
import { selectDueCaptures } from "../../shared/support/capture/selectDueCaptures.ts"
import { DiscordError, DiscordRateLimit } from "../../shared/vendors/discord/discordError.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { people } from "./scriptedDiscord.ts"
import { openTicket } from "./useTicket.ts"

const { db } = useDatabase()
type Opened = Awaited<ReturnType<typeof openTicket>>
const minutesToNextLook = async ({ ticket, ctx }: Opened) =>
  (new Date(String((await ticket()).capture_at)).getTime() - ctx.now().getTime()) / 60_000
const notices = ({ rows }: Opened, pattern: string) =>
  rows(sql`select message from staff_notifications where message like ${`%${pattern}%`}`)

test("the longer nothing is said, the more rarely it is looked, and any word ends that", async () => {
  const opened = await openTicket(db)
  const { id, ctx, discord, channel, pass } = opened
  const waits = []
  for (let look = 0; look < 7; look++) {
    if (look === 0 || look === 6) discord.say(channel, `Word ${look}`)
    await captureTicket(ctx, { id })
    waits.push(await minutesToNextLook(opened))
    pass(30)
  }
  expect(waits).toEqual([2, 4, 8, 16, 30, 30, 2])
})

test("a ticket that is due is handed out once, and again when nobody came to look", async () => {
  const { id, ctx, pass } = await openTicket(db)
  const due = async () => (await selectDueCaptures(ctx, 100)).includes(id)
  expect([await due(), await due()]).toEqual([true, false])
  pass(5)
  expect(await due()).toBe(true)
})

test("a channel that was deleted closes the ticket with the reason, and staff are told once", async () => {
  const opened = await openTicket(db)
  const { id, ctx, discord, channel, pass, said, ticket, tickets, rows } = opened
  pass(1)
  discord.say(channel, "Hello")
  await captureTicket(ctx, { id })
  discord.channels.delete(channel)
  tickets.take()
  expect(await captureTicket(ctx, { id })).toEqual({ outcome: "lost" })
  expect(await captureTicket(ctx, { id })).toEqual({ outcome: "none" })
  expect(await captureTicket(ctx, { id, final: true })).toEqual({ outcome: "lost" })
  expect(await ticket()).toMatchObject({ status: "closing", close_reason: "Its channel was deleted in Discord." })
  expect(tickets.take()).toEqual([`ticket:${id}`])
  expect(await said()).toMatchObject([{ content: "Hello", deleted: false }])
  expect(await rows(sql`select kind from ticket_events where ticket_id = ${id} order by at, kind`)).toEqual([
    { kind: "closed" },
    { kind: "place_lost" },
  ])
  expect(await notices(opened, `#${(await ticket()).number} was deleted`)).toHaveLength(1)
})

test("without the staff's thread the conversation goes on", async () => {
  const { id, ctx, discord, channel, staffThread, pass, contents, ticket } = await openTicket(db)
  pass(1)
  discord.say(staffThread, "Among us", { by: people.staff })
  await captureTicket(ctx, { id })
  discord.channels.delete(staffThread)
  discord.say(channel, "Hello")
  expect(await captureTicket(ctx, { id })).toMatchObject({ outcome: "captured", found: 1 })
  expect(await contents()).toEqual(["Among us", "Hello"])
  expect(await ticket()).toMatchObject({ status: "open", staff_thread_id: null })
})

test("without access the reason stands on the ticket, it is tried again later and later, and the reason goes once it works", async () => {
  const opened = await openTicket(db)
  const { id, ctx, discord, channel, pass, contents, ticket } = opened
  pass(1)
  discord.say(channel, "Hello")
  discord.step = () => {
    throw new DiscordError("GET /channels/:id/messages", 403, { code: 50001, message: "Missing Access" })
  }
  const waits = []
  for (let look = 0; look < 7; look++) {
    expect(await captureTicket(ctx, { id })).toMatchObject({ outcome: "failed" })
    waits.push(await minutesToNextLook(opened))
    pass(60)
  }
  expect(waits).toEqual([2, 4, 8, 16, 32, 60, 60])
  expect((await ticket()).error).toMatch(/could not be read.*50001: Missing Access/)
  await expect(captureTicket(ctx, { id, final: true })).rejects.toThrow("Missing Access")
  discord.step = () => {}
  await captureTicket(ctx, { id })
  expect(await ticket()).toMatchObject({ error: null, capture_failures: 0 })
  expect(await contents()).toEqual(["Hello"])
})

test("while Discord is down it is tried again every 10 minutes at the latest", async () => {
  const opened = await openTicket(db)
  const { id, ctx, discord, pass } = opened
  discord.step = () => {
    throw new AppError("vendor_unavailable", "Discord did not answer.")
  }
  for (let look = 0; look < 6; look++) {
    await captureTicket(ctx, { id })
    pass(10)
  }
  expect(await minutesToNextLook(opened)).toBe(0)
})

test("a rate limit is waited for, and is no failure", async () => {
  const { id, ctx, discord, ticket } = await openTicket(db)
  const retryAt = new Date(ctx.now().getTime() + 17_000)
  discord.step = () => {
    throw new DiscordRateLimit("GET", retryAt, "it answered 429")
  }
  await captureTicket(ctx, { id })
  const { capture_at, error, capture_failures } = await ticket()
  expect({ at: new Date(String(capture_at)), error, capture_failures }).toEqual({
    at: retryAt,
    error: null,
    capture_failures: 0,
  })
})

test("when the bot may not read the history any more nothing counts as deleted", async () => {
  const { id, ctx, discord, channel, pass, said, ticket } = await openTicket(db)
  pass(1)
  discord.say(channel, "Hello")
  await captureTicket(ctx, { id })
  discord.channels.set(channel, [])
  expect(await captureTicket(ctx, { id })).toMatchObject({ outcome: "failed" })
  expect(await said()).toMatchObject([{ content: "Hello", deleted: false }])
  expect((await ticket()).error).toContain("may read the message history")
})

test("when content is kept from the bot staff are told once a day, what is known stays, and what was blank is filled in", async () => {
  const opened = await openTicket(db)
  const { id, ctx, discord, channel, pass, contents } = opened
  pass(1)
  const known = discord.say(channel, "Hello")
  await captureTicket(ctx, { id })
  pass(1)
  const unread = discord.say(channel, "Anybody?")
  discord.edit(known, "Hello!")
  const all = discord.channels.get(channel) ?? []
  discord.channels.set(
    channel,
    all.map((message) => ({ ...message, content: "" })),
  )
  await captureTicket(ctx, { id })
  await captureTicket(ctx, { id })
  expect(await contents()).toEqual(["Hello", ""])
  expect(await notices(opened, "Message Content Intent")).toHaveLength(1)
  discord.channels.set(channel, all)
  await captureTicket(ctx, { id })
  expect(await contents()).toEqual(["Hello!", unread.content])
  pass(1440)
  // One that holds nothing that is known here yet is no sign of it.
  discord.say(channel, "")
  await captureTicket(ctx, { id })
  expect(await notices(opened, "Message Content Intent")).toHaveLength(1)
  for (const message of all) discord.edit(message, "")
  await captureTicket(ctx, { id })
  expect(await notices(opened, "Message Content Intent")).toHaveLength(2)
})

test("what is said in a new place after reopening leaves what was said in the old one as it is", async () => {
  const { id, ctx, discord, channel, pass, said } = await openTicket(db)
  pass(1)
  for (let index = 0; index < 3; index++) discord.say(channel, `Before ${index}`)
  await captureTicket(ctx, { id, final: true })
  pass(60)
  const next = discord.channel()
  await db.execute(
    sql`update tickets set channel_id = ${next}, staff_thread_id = null, captured_to = null where id = ${id}`,
  )
  discord.channels.delete(channel)
  pass(1)
  discord.say(next, "After")
  await captureTicket(ctx, { id })
  await captureTicket(ctx, { id, final: true })
  expect(await said()).toMatchObject(
    ["Before 0", "Before 1", "Before 2", "After"].map((content) => ({ content, deleted: false })),
  )
})

test("what is said while somebody else looks is not taken for deleted, and a late reader turns nothing back", async () => {
  const { id, ctx, discord, channel, pass, said } = await openTicket(db)
  pass(1)
  const first = discord.say(channel, "First")
  await captureTicket(ctx, { id })
  pass(1)
  let interrupted = false
  discord.step = async (when, { path }) => {
    if (interrupted || when !== "after" || !path.endsWith(`${channel}/messages`)) return
    interrupted = true
    // The answer is on its way; meanwhile somebody else looks, and is done sooner.
    pass(1)
    discord.edit(first, "First, edited")
    discord.say(channel, "Second")
    await captureTicket(ctx, { id })
    pass(1)
  }
  await captureTicket(ctx, { id })
  expect(interrupted).toBe(true)
  expect(await said()).toMatchObject([
    { content: "First, edited", deleted: false },
    { content: "Second", deleted: false },
  ])
})

test("two that look at once keep everything once", async () => {
  const { id, ctx, discord, channel, pass, said } = await openTicket(db)
  pass(1)
  const messages = Array.from({ length: 150 }, (_, index) => discord.say(channel, `Line ${index}`))
  await Promise.all([1, 2, 3].map(() => captureTicket(ctx, { id })))
  pass(1)
  for (const message of messages.slice(-50)) discord.edit(message, `${message.content}!`)
  await Promise.all([1, 2, 3].map(() => captureTicket(ctx, { id })))
  expect(await said()).toHaveLength(150)
  const edits = await db.execute(sql`
    select from ticket_message_edits e join ticket_messages m on m.id = e.message_id where m.ticket_id = ${id}`)
  expect(edits.rowCount).toBe(50)
})

async function adminReply(opened: Opened, content: string) {
  const reply = crypto.randomUUID()
  await db.execute(sql`
    insert into ticket_messages (id, ticket_id, origin, author_name, author_kind, content, sent_at, delivery, attempts, next_attempt_at)
    values (${reply}, ${opened.id}, 'admin', 'Sam', 'staff', ${content}, ${opened.ctx.now().toISOString()}, 'queued', 1, now())`)
  return reply
}

test.each(["nonce", "words"])(
  "a reply from the staff pages that reached Discord, of which nobody could write that down, is known by its %s",
  async (by) => {
    const opened = await openTicket(db)
    const { id, ctx, discord, channel, pass, rows } = opened
    pass(1)
    const reply = await adminReply(opened, "  We are on it. ")
    const unsent = await adminReply(opened, "We")
    const said = discord.say(channel, "", {
      by: people.bot,
      embeds: [{ author: { name: "Sam" }, description: "We are on it." }],
      ...(by === "nonce" && { nonce: reply.replaceAll("-", "").slice(0, 25) }),
    })
    await captureTicket(ctx, { id })
    await captureTicket(ctx, { id })
    expect(
      await rows(sql`select id, external_id, delivery from ticket_messages where ticket_id = ${id} order by delivery`),
    ).toEqual([
      { id: unsent, external_id: null, delivery: "queued" },
      { id: reply, external_id: said.id, delivery: "sent" },
    ])
  },
)
