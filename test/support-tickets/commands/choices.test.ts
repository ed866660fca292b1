import { sql } from "drizzle-orm"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { startNeonHttp } from "../../../scripts/local/neonHttp.ts"
import { createDatabase } from "../../../shared/db/client.ts"
import { useDatabase } from "../../support/useDatabase.ts"
import { useCommands } from "./useCommands.ts"

const database = useDatabase()
const desk = useCommands(database)
const { users, channels } = desk.ids
const slow = { milliseconds: 0 }
let neon: Awaited<ReturnType<typeof startNeonHttp>> | undefined

beforeAll(async () => {
  neon = await startNeonHttp({
    hooks: { before: () => new Promise((resolve) => setTimeout(resolve, slow.milliseconds)) },
  })
  // Where the driver asks is one setting of the process.
  createDatabase({ url: database.url, httpEndpoint: neon.endpoint })
})
afterEach(() => {
  slow.milliseconds = 0
})
afterAll(async () => {
  createDatabase(database)
  await neon?.release(database.url)
  await neon?.close()
})

const reply = (id: string, name: string) =>
  desk.db.execute(sql`insert into canned_replies (id, name, content, updated_at) values (${id}, ${name}, 'x', now())`)
const names = (choices: { name: string }[]) => choices.map(({ name }) => name)

/** Every option that offers choices, with what is typed and one of them. */
const offers: [command: string, option: string, typed: string, one: string][] = [
  ["ticket reply", "name", "invoice", "Where invoices are"],
  ["ticket category", "name", "bill", "Billing"],
  ["customer", "who", "ada cust", "Ada Customer, ada@customers.test"],
]

test("the table above is of all options that offer choices", () => {
  type Option = { name: string; autocomplete?: boolean | null | undefined; options?: Option[] | undefined }
  const found = (options: Option[], path: string): string[] =>
    options.flatMap((option) =>
      option.autocomplete ? [`${path} ${option.name}`] : found(option.options ?? [], `${path} ${option.name}`),
    )
  const all = [...desk.world.store.commands.values()].flatMap(({ name, options }) => found(options, name))
  expect(all.toSorted()).toEqual(offers.map(([command, option]) => `${command} ${option}`).toSorted())
})

describe.each(offers)("/%s, while its %s is typed", (command, option, typed, one) => {
  beforeEach(() => desk.customer({}))
  const offered = (as: string, text: string) => desk.typed(as, channels.welcome, command, { [option]: text })

  test("offers what fits, in whatever case, and nothing for what fits nothing", async () => {
    expect(names(await offered(users.sam, typed.toUpperCase()))).toEqual([one])
    for (const text of ["%%%", "___", "\\\\\\", "\0\0\0", "\ud800\ud800\ud800", "' or '1'='1", "y".repeat(3000)])
      expect([text.slice(0, 20), await offered(users.sam, text)]).toEqual([text.slice(0, 20), []])
  })

  test("offers nothing to who is no staff, and to whose account is switched off", async () => {
    desk.makeModerator(users.ada)
    expect(await offered(users.ada, typed)).toEqual([])
    const account = await desk.account("owner", users.noor)
    expect(await offered(users.noor, typed)).toHaveLength(1)
    await desk.db.execute(sql`update staff set disabled_at = now() where id = ${account}`)
    expect(await offered(users.noor, typed)).toEqual([])
  })

  test("offers them in time while the database takes 1.5 seconds for each answer", async () => {
    slow.milliseconds = 1500
    const started = Date.now()
    const choices = await offered(users.sam, typed)
    expect(Date.now() - started).toBeLessThan(3000)
    expect(names(choices)).toEqual([one])
  })

  test("offers 25 at most, each of 100 characters at most, whatever they are called", async () => {
    const long = (index: number) => `same ${String(index).padStart(2, "0")} ${"\u{1f600}".repeat(60)}`
    for (let index = 0; index < 30; index++) {
      if (command === "ticket reply") await reply(`many-${index}`, long(index))
      else if (command === "ticket category")
        await desk.db.execute(sql`
          insert into ticket_categories (id, name, position, updated_at) values (${`many-${index}`}, ${long(index)}, ${index}, now())`)
      else await desk.customer({ name: long(index), email: null })
    }
    const choices = await offered(users.sam, "same")
    expect(choices.length).toBeGreaterThanOrEqual(10)
    expect(choices.length).toBeLessThanOrEqual(25)
    for (const { name } of choices) {
      expect(name.length).toBeLessThanOrEqual(100)
      expect(name.isWellFormed()).toBe(true)
    }
  })
})

test("a category that is switched off, and a customer who is gone, are not offered", async () => {
  await desk.db.execute(sql`update ticket_categories set enabled = false where id = 'billing'`)
  const id = await desk.customer({})
  await desk.db.execute(sql`update customers set deleted_at = now() where id = ${id}`)
  for (const [command, option, typed, one] of offers.slice(1)) {
    const choices = await desk.typed(users.sam, channels.welcome, command, { [option]: typed })
    expect(names(choices)).not.toContain(one)
  }
})

test("what is chosen is what the command takes", async () => {
  const { place, id } = await desk.open()
  await desk.customer({})
  for (const [command, option, typed] of offers) {
    const [choice] = await desk.typed(users.sam, place, command, { [option]: typed })
    const told = await desk.run(users.sam, place, command, { [option]: String(choice?.value) })
    expect([command, told]).toEqual([command, expect.stringMatching(/is sent|is changed|Ada Customer/)])
  }
  expect(await desk.row(id)).toMatchObject({ category_id: "billing" })
})
