import { sql } from "drizzle-orm"
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest"
import { startNeonHttp } from "../../scripts/local/neonHttp.ts"
import { createDatabase } from "../../shared/db/client.ts"
import { setUpDiscord } from "../../shared/support/setup/setUpDiscord.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useCommands } from "./commands/useCommands.ts"

const database = useDatabase()
const desk = useCommands(database)
const { users, channels } = desk.ids
const slow = { down: false }
let neon: Awaited<ReturnType<typeof startNeonHttp>> | undefined

beforeAll(async () => {
  neon = await startNeonHttp({
    hooks: {
      async before() {
        if (slow.down) throw new Error("The database is down.")
      },
    },
  })
  // Where the driver asks is one setting of the process.
  createDatabase({ url: database.url, httpEndpoint: neon.endpoint })
})
beforeEach(async () => {
  await setUpDiscord(desk.context())
})
afterEach(() => {
  slow.down = false
})
afterAll(async () => {
  createDatabase(database)
  await neon?.release(database.url)
  await neon?.close()
})

const panel = () => desk.said(channels.support).at(-1)?.id ?? ""
const description = "My server is down.\nIt **began** at noon."

test("a person opens a ticket while the database is down: the form comes, and what they typed is a ticket once it is back", async () => {
  slow.down = true
  const as = users.ada
  const pressed = await desk
    .people()
    .press({ as, channel: channels.support, message: panel(), customId: "ticket.open" })
  expect(pressed).toMatchObject({ outcome: "answered", answerType: 9, modal: { custom_id: "ticket.form" } })
  expect(JSON.stringify(pressed.modal)).toContain("technical")
  const sent = await desk
    .people()
    .submitModal({ as, interaction: pressed.id, values: { category: "technical", description } })
  expect(sent).toMatchObject({ outcome: "answered", answerType: 5 })
  expect(sent.milliseconds).toBeLessThan(3000)
  slow.down = false
  expect(await desk.answerTo(sent)).toMatch(/^Your ticket #\d{4} is here/)
  expect(await desk.rows(sql`select description, status from tickets`)).toEqual([{ description, status: "open" }])
})

test("whoever has chosen a category while the database is down gets its form, without its questions", async () => {
  slow.down = true
  const chosen = await desk.people().choose({
    as: users.ada,
    channel: channels.support,
    message: panel(),
    customId: "ticket.category",
    values: ["billing"],
  })
  expect(chosen.modal).toMatchObject({
    custom_id: "ticket.form:billing",
    title: expect.stringContaining("New ticket: "),
  })
})

test("somebody who has a ticket already is told so, with what they typed, and no other comes of it later", async () => {
  const { number } = await desk.open({ categoryId: "technical" })
  const as = users.ada
  const pressed = await desk
    .people()
    .press({ as, channel: channels.support, message: panel(), customId: "ticket.open" })
  const sent = await desk
    .people()
    .submitModal({ as, interaction: pressed.id, values: { category: "technical", description } })
  const told = await desk.answerTo(sent)
  expect(told).toContain("You have a ticket about this already")
  expect(told).toContain(description)
  expect(await desk.rows(sql`select number from tickets`)).toEqual([{ number: String(number) }])
  expect(await desk.rows(sql`select from discord_interactions where payload is not null`)).toEqual([])
})
