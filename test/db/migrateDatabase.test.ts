import { randomUUID } from "node:crypto"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { sql } from "drizzle-orm"
import { afterAll, expect, test } from "vitest"
import { migrateDatabase } from "../../scripts/local/migrateDatabase.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db, url } = useDatabase()
const folder = mkdtempSync(path.join(tmpdir(), "ops-hq-migrations-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const rows = async (query: ReturnType<typeof sql>) => (await db.execute(query)).rows

/** A folder of migrations as drizzle-kit writes it. */
function write(migrations: string[]) {
  mkdirSync(path.join(folder, "meta"), { recursive: true })
  const entries = migrations.map((_, idx) => ({
    idx,
    version: "7",
    when: later + idx,
    tag: `m${idx}`,
    breakpoints: true,
  }))
  for (const [idx, text] of migrations.entries()) writeFileSync(path.join(folder, `m${idx}.sql`), text)
  writeFileSync(
    path.join(folder, "meta/_journal.json"),
    JSON.stringify({ version: "7", dialect: "postgresql", entries }),
  )
}
const later = Date.parse("2126-01-01T00:00:00Z")

test("each migration is a transaction: of one that fails nothing stays, and those before it are not done again", async () => {
  const first = "create table migrated (n integer);--> statement-breakpoint\ninsert into migrated values (1)"
  write([first, "insert into migrated values (2);--> statement-breakpoint\nselect 1 / 0"])
  await expect(migrateDatabase(url, folder)).rejects.toThrow("division by zero")
  expect(await rows(sql`select n from migrated`)).toEqual([{ n: 1 }])
  write([first, "insert into migrated values (3)"])
  await migrateDatabase(url, folder)
  await migrateDatabase(url, folder)
  expect(await rows(sql`select n from migrated order by n`)).toEqual([{ n: 1 }, { n: 3 }])
})

test("what was said before its words were kept is found by all that it says, and what is kept stays", async () => {
  const [ticket, form, plain, rich] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
  await db.execute(sql`
    insert into tickets (id, source, status, category_id, subject, description, opener_name, opened_at, last_message_at, answers)
    values (${ticket}, 'discord', 'open', 'other', 'Help', 'Help', 'Ada', now(), now(), '[{"question": "Where?", "answer": "Malmö"}]')`)
  const embeds = JSON.stringify([
    { title: "Badger", author: { name: "Aardvark" }, fields: [{ name: "Dingo", value: 3 }] },
  ])
  await db.execute(sql`
    insert into ticket_messages (id, ticket_id, origin, author_name, author_kind, content, sent_at, embeds) values
      (${form}, ${ticket}, 'form', 'Ada', 'opener', 'Help', now(), '[]'),
      (${plain}, ${ticket}, 'discord', 'Ada', 'opener', 'Hello', now(), '[]'),
      (${rich}, ${ticket}, 'discord', 'Ada', 'opener', 'Zebra', now(), ${embeds}::jsonb)`)
  await db.execute(sql`
    insert into ticket_message_edits (message_id, until, content) values
      (${rich}, now() - interval '2 hours', 'Yak'), (${rich}, now() - interval '1 hour', 'Xerus')`)
  await db.execute(sql`
    insert into ticket_attachments (id, ticket_id, message_id, external_id, name, content_type, size, status) values
      (${randomUUID()}, ${ticket}, ${rich}, '2', 'log_file-2.txt', 'text/plain', 1, 'gone'),
      (${randomUUID()}, ${ticket}, ${rich}, '1', 'readme', 'text/plain', 1, 'gone')`)
  const words = () => rows(sql`select message_id, sent_at, words::text from ticket_message_words order by message_id`)
  const kept = await words()
  expect(kept).toHaveLength(3)
  await db.execute(sql`delete from ticket_message_words where message_id <> ${plain}`)
  const file = path.join(import.meta.dirname, "../../migrations/0045_message_words_of_before.sql")
  for (let time = 0; time < 2; time++) {
    await db.execute(sql.raw(readFileSync(file, "utf8")))
    expect(await words()).toEqual(kept)
  }
})
