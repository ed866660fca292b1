import { EmbedType } from "discord-api-types/v10"
import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { captureTicket } from "../../shared/support/capture/captureTicket.ts"
import { ticketConditions, ticketFilter } from "../../shared/support/listTickets/ticketFilter.ts"
import { forgetMails } from "../../shared/support/mail/forgetMails.ts"
import { readTranscript } from "../../shared/support/transcript/readTranscript.ts"
import { searchMessages } from "../../shared/support/transcript/searchMessages.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { openTicket } from "./useTicket.ts"

const { db } = useDatabase()
const staff = testContext({ db, vendors: {} })
const search = async (q: string) => {
  const { data } = await searchMessages(staff, { q })
  return data.map(({ inText, excerpt }) => ({ inText, says: excerpt.map(({ text }) => text).join("") }))
}
const foundTickets = async (q: string) => {
  const conditions = ticketConditions(ticketFilter.parse({ q }), { me: "staff:1", now: new Date(), limits: [] })
  return (await db.execute<{ id: string }>(sql`select t.id from tickets t where ${sql.join(conditions, sql` and `)}`))
    .rows
}

test("a message is found by its embeds, file names and earlier wordings, by two of them together, and not by what it holds no more", async () => {
  const { id, ctx, discord, channel, pass } = await openTicket(db)
  const message = discord.say(channel, "The zebra is ill", {
    embeds: [
      {
        type: EmbedType.Rich,
        url: "https://walrus.example",
        author: { name: "Aardvark" },
        title: "Badger",
        description: "Caracal",
        fields: [{ name: "Dingo", value: "Echidna" }],
        footer: { text: "Fossa" },
      },
    ],
    attachments: [
      {
        id: "1",
        filename: "gecko-report_2026.pdf",
        size: 3,
        url: "https://cdn.test/1",
        proxy_url: "https://cdn.test/1",
      },
    ],
  })
  await captureTicket(ctx, { id })
  for (const q of [
    "aardvark",
    "badger",
    "caracal",
    "dingo",
    "echidna",
    "fossa",
    "gecko",
    "2026",
    "gecko-report_2026.pdf",
  ])
    expect([q, (await search(q)).map(({ inText }) => inText)]).toEqual([q, [false]])
  expect(await search("zebra")).toEqual([{ inText: true, says: "zebra" }])
  expect(await search("rich")).toEqual([])

  pass(1)
  discord.edit(message, "The heron is ill")
  await captureTicket(ctx, { id })
  expect(await search("zebra")).toEqual([{ inText: false, says: expect.stringContaining("zebra") }])
  expect(await search("heron zebra gecko badger")).toHaveLength(1)
  expect(await search("heron -zebra")).toEqual([])
  expect(await foundTickets("caracal")).toEqual([{ id }])
  const opener = await readTranscript(staff, { ticketId: id, for: "opener", q: "caracal" })
  expect(opener.entries).toHaveLength(1)
})

test("a form's answers are found with its description, also as they stand after a change", async () => {
  const id = crypto.randomUUID()
  await db.execute(sql`
    insert into tickets (id, source, status, category_id, subject, description, answers, opener_name, opened_at, last_message_at)
    values (${id}, 'discord', 'open', 'other', 'Help', 'Help', '[{"question": "Which ibex?", "answer": "The jackal"}]', 'Ada', now(), now())`)
  await db.execute(sql`
    insert into ticket_messages (id, ticket_id, origin, author_name, author_kind, content, sent_at)
    values (gen_random_uuid(), ${id}, 'form', 'Ada', 'opener', 'It bites', now()), (gen_random_uuid(), ${id}, 'discord', 'Ada', 'opener', 'Still', now())`)
  expect(await search("jackal bites")).toEqual([{ inText: false, says: expect.stringContaining("jackal") }])
  expect(await search("ibex")).toEqual([])
  await db.execute(
    sql`update tickets set answers = '[{"question": "Which ibex?", "answer": "The kudu"}]' where id = ${id}`,
  )
  expect(await search("jackal")).toEqual([])
  expect(await search("kudu")).toHaveLength(1)
})

test("what is erased is found by nothing", async () => {
  const id = crypto.randomUUID()
  const message = crypto.randomUUID()
  await db.execute(sql`
    insert into tickets (id, source, status, category_id, subject, description, opener_name, opened_at, last_message_at)
    values (${id}, 'email', 'open', 'other', 'Help', 'Help', 'Ada', now(), now())`)
  await db.execute(sql`
    insert into ticket_messages (id, ticket_id, origin, author_id, author_name, author_kind, content, sent_at)
    values (${message}, ${id}, 'email', 'ada@example.org', 'Ada', 'opener', 'My lemur', now())`)
  await db.execute(sql`
    insert into ticket_attachments (id, ticket_id, message_id, external_id, name, content_type, size, status)
    values (gen_random_uuid(), ${id}, ${message}, '1', 'mandrill.png', 'image/png', 1, 'gone')`)
  expect(await search("lemur mandrill")).toHaveLength(1)
  for (const statement of forgetMails(sql`array['ada@example.org']`, new Date().toISOString()))
    await db.execute(statement)
  expect(await search("lemur or mandrill")).toEqual([])
  await db.execute(sql`delete from tickets where id = ${id}`)
  expect((await db.execute(sql`select from ticket_message_words where message_id = ${message}`)).rows).toEqual([])
})

test("a search of nothing but marks finds nothing", async () => {
  const { id } = await openTicket(db)
  for (const q of ["-".repeat(36), '-"'.repeat(100), "- - -", "!&|:*()<->", "\0"]) {
    expect([q, await search(q)]).toEqual([q, []])
    expect([q, (await readTranscript(staff, { ticketId: id, for: "opener", q })).entries]).toEqual([q, []])
  }
  expect(await foundTickets("-".repeat(36))).toEqual([])
})

test("the longest texts are kept and found, whatever they are made of", async () => {
  const { id, ctx, discord, channel, pass } = await openTicket(db)
  const letters = (from: number) =>
    Array.from({ length: 19_000 / 3 }, (_, index) => String.fromCodePoint(0x4e00 + ((index + from) % 20_000))).join(" ")
  const message = discord.say(channel, `numbat ${letters(0)}`)
  await captureTicket(ctx, { id })
  for (let edit = 1; edit <= 12; edit++) {
    pass(1)
    discord.edit(message, `okapi${edit} ${letters(edit * 1700)}`)
    await captureTicket(ctx, { id })
  }
  expect(await search("okapi12")).toHaveLength(1)
  expect(await search("okapi9")).toHaveLength(1)
})
