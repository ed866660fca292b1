import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { captureTicket } from "../../shared/support/capture/captureTicket.ts"
import { readTranscript } from "../../shared/support/transcript/readTranscript.ts"
import { searchMessages } from "../../shared/support/transcript/searchMessages.ts"
import { transcriptHtml } from "../../shared/support/transcript/transcriptHtml.ts"
import { transcriptJson } from "../../shared/support/transcript/transcriptJson.ts"
import { createTranscriptSigner } from "../../shared/support/transcript/transcriptToken.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { people } from "./scriptedDiscord.ts"
import { openTicket } from "./useTicket.ts"

const { db } = useDatabase()
const text = (stream: ReadableStream<Uint8Array>) => new Response(stream).text()
const fileLink = ({ id }: { id: string }) => `files/${id}`

async function conversation() {
  const opened = await openTicket(db)
  const { id, ctx, discord, channel, staffThread, pass } = opened
  const once = crypto.randomUUID()
  await db.execute(sql`
    insert into ticket_events (id, key, ticket_id, kind, at, actor, actor_label, data) values
      (gen_random_uuid(), ${`opened:${once}`}, ${id}, 'opened', ${ctx.now().toISOString()}, 'discord:1', 'User 1', '{}'),
      (gen_random_uuid(), ${`reprioritised:${once}`}, ${id}, 'reprioritised', ${ctx.now().toISOString()}, 'staff:1', 'sam@example.com', '{"to": "high"}'),
      (gen_random_uuid(), ${`claimed:${once}`}, ${id}, 'claimed', ${ctx.now().toISOString()}, 'staff:1', 'sam@example.com', '{"by": "sam@example.com"}')`)
  pass(1)
  const question = discord.say(channel, "Where is my **backup**?")
  discord.say(staffThread, "They owe us money", { by: people.staff })
  pass(1)
  const hasty = discord.say(channel, "Gone, sorry", {
    by: people.staff,
    message_reference: { type: 0, message_id: question.id, channel_id: channel },
    type: 19,
  })
  const slip = discord.say(channel, "The password is hunter2", { by: people.staff })
  const regretted = discord.say(channel, "That is a scandal")
  await captureTicket(ctx, { id })
  pass(2)
  discord.edit(hasty, "Found it!")
  discord.remove(slip)
  discord.remove(regretted)
  await captureTicket(ctx, { id })
  return opened
}

const saidIn = (entries: Awaited<ReturnType<typeof readTranscript>>["entries"]) =>
  entries.map((entry) => (entry.type === "event" ? `(${entry.kind})` : entry.content))

test("staff read everything, page by page, with edits, answers and what was deleted", async () => {
  const { id, ctx } = await conversation()
  const whole = await readTranscript(ctx, { ticketId: id, for: "staff" })
  expect(saidIn(whole.entries).toSorted()).toEqual(
    [
      "(opened)",
      "(reprioritised)",
      "(claimed)",
      "Where is my **backup**?",
      "They owe us money",
      "Found it!",
      "The password is hunter2",
      "That is a scandal",
    ].toSorted(),
  )
  expect(whole.entries.find((entry) => entry.type === "message" && entry.content === "Found it!")).toMatchObject({
    edits: [{ content: "Gone, sorry" }],
    replyTo: { author: "User 1", content: "Where is my **backup**?" },
  })
  const paged = []
  let cursor: string | undefined
  do {
    const page = await readTranscript(ctx, { ticketId: id, for: "staff", limit: 3, cursor })
    paged.push(...page.entries)
    cursor = page.next ?? undefined
  } while (cursor)
  expect(paged).toEqual(whole.entries)
})

test("the opener reads neither notes among staff, nor what staff deleted, nor who staff are elsewhere", async () => {
  const { id, ctx } = await conversation()
  const nobody = { ...ctx, actor: { kind: "public" as const } }
  const { entries } = await readTranscript(nobody, { ticketId: id, for: "opener" })
  expect(saidIn(entries).slice(0, 2).toSorted()).toEqual(["(claimed)", "(opened)"])
  expect(saidIn(entries).slice(2)).toEqual(["Where is my **backup**?", "Found it!", null, "That is a scandal"])
  for (const file of [
    await text(await transcriptJson(nobody, { ticketId: id, for: "opener" })),
    await text(await transcriptHtml(nobody, { ticketId: id, for: "opener", fileLink })),
  ]) {
    expect(file).toContain("Found it!")
    expect(file).toContain("Gone, sorry")
    for (const secret of ["hunter2", "owe us money", "sam@example.com", "high"]) expect(file).not.toContain(secret)
  }
  for (const [q, count] of [
    ["backup", 1],
    ["hunter2", 0],
    ["money", 0],
    ["scandal", 1],
  ] as const)
    expect((await readTranscript(nobody, { ticketId: id, for: "opener", q })).entries).toHaveLength(count)
  await expect(readTranscript(nobody, { ticketId: id, for: "staff" })).rejects.toMatchObject({ code: "forbidden" })
  for (const ticketId of [crypto.randomUUID(), "x' or true"])
    await expect(readTranscript(nobody, { ticketId, for: "opener" })).rejects.toMatchObject({ code: "not_found" })
})

test("the JSON of a transcript holds what the pages show", async () => {
  const { id, ctx } = await conversation()
  const whole: unknown = JSON.parse(await text(await transcriptJson(ctx, { ticketId: id, for: "staff" })))
  expect(whole).toMatchObject({ ticket: { subject: "It is down" }, entries: expect.arrayContaining([]) })
  const { entries } = await readTranscript(ctx, { ticketId: id, for: "staff" })
  expect(whole).toHaveProperty("entries.length", entries.length)
})

test("what was said is found in all tickets by words, newest first, with the words marked", async () => {
  const { id, ctx, discord, channel, pass } = await openTicket(db)
  for (let index = 0; index < 5; index++) {
    pass(1)
    discord.say(channel, `Attempt ${index} of the <b>frobnicator</b> failed`)
  }
  await captureTicket(ctx, { id })
  const first = await searchMessages(ctx, { q: "frobnicator failed", limit: 3 })
  const second = await searchMessages(ctx, { q: "frobnicator failed", limit: 3, cursor: first.next ?? "" })
  expect([...first.data, ...second.data].map(({ excerpt }) => excerpt.map(({ text }) => text).join(""))).toEqual(
    [4, 3, 2, 1, 0].map((index) => `Attempt ${index} of the <b>frobnicator</b> failed`),
  )
  expect(first.data[0]?.excerpt.filter(({ hit }) => hit)).toEqual([
    { text: "frobnicator", hit: true },
    { text: "failed", hit: true },
  ])
  expect(second.next).toBeNull()
  for (const q of ["", "frobnicator -failed", "!&|('\u0000", '"failed frobnicator"'])
    expect((await searchMessages(ctx, { q })).data).toEqual([])
})

test("a link's token names its ticket for 90 days and cannot be made by others", async () => {
  const signer = await createTranscriptSigner("secret")
  const other = await createTranscriptSigner("another")
  const ticketId = crypto.randomUUID()
  const now = new Date("2026-11-20T12:00:00Z")
  const token = await signer.sign(ticketId, now)
  const days = (count: number) => new Date(now.getTime() + count * 86_400_000)
  expect(await signer.verify(token, days(89.9))).toEqual({ ticketId })
  expect(await signer.verify(token, days(90))).toBe("expired")
  expect(await other.verify(token, now)).toBeNull()
  for (const wrong of ["", ".", "a.b", `${token}x`, token.slice(1), `${token}.${token}`, "%00", token.replace(".", "")])
    expect(await signer.verify(wrong, now)).toBeNull()
})
