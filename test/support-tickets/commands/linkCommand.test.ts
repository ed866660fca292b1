import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import { useDatabase } from "../../support/useDatabase.ts"
import { useCommands } from "./useCommands.ts"

const desk = useCommands(useDatabase())
const { users, channels } = desk.ids
const minute = 60_000

beforeEach(() => desk.db.execute(sql`truncate discord_link_codes`))

const link = (as: string, email: string) => desk.run(as, channels.welcome, "link", { email })
const codes = () => desk.fakes.mailbox.mails.map(({ text }) => /\d{4} \d{4}/.exec(text ?? "")?.[0] ?? "")

/** Opens the form for the code as somebody who was offered it, and sends it. */
async function enter(as: string, code: string): Promise<string> {
  const offer = [...desk.world.store.messages.values()].findLast(
    (each) => each.ephemeral_for === as && JSON.stringify(each.components).includes("link.enter"),
  )
  const use = { as, channel: channels.welcome, message: String(offer?.id), customId: "link.enter" }
  const pressed = await desk.people().press(use)
  return desk.answerTo(await desk.people().submitModal({ as, interaction: pressed.id, values: { code } }))
}
const links = () => desk.rows(sql`select user_id, customer_id from discord_links order by user_id`)
const wrongFor = (code: string) => code.replaceAll(/\d/g, (digit) => String((Number(digit) + 1) % 10))

test("whoever has the code from the mail is that customer, with the tickets they have opened, and it is on record", async () => {
  const customer = await desk.customer({ email: "ada@customers.test" })
  const ticket = await desk.open()
  const others = await desk.open({ openerId: users.ben })
  const told = await link(users.ada, "  ADA@customers.test ")
  const [mail] = desk.fakes.mailbox.mails
  expect([mail?.to, desk.fakes.mailbox.mails.length]).toEqual([["ada@customers.test"], 1])
  const [code = ""] = codes()
  expect(told).not.toContain(code)
  expect(await enter(users.ada, ` ${code.replace(" ", "-")} `.trim())).toContain("is linked")
  expect(await links()).toEqual([{ user_id: users.ada, customer_id: customer }])
  expect(await desk.row(ticket.id)).toMatchObject({ customer_id: customer })
  expect(await desk.row(others.id)).toMatchObject({ customer_id: null })
  expect((await desk.record(ticket.id)).events).toEqual(["customer_linked"])
  expect(await desk.rows(sql`select action, actor from audit_log where subject_id = ${customer}`)).toEqual([
    { action: "customer.discordLinked", actor: `discord:${users.ada}` },
  ])
  const timeline = await desk.rows(sql`select kind from timeline_entries where customer_id = ${customer} order by kind`)
  expect(timeline.map(({ kind }) => kind)).toEqual(["discord.linked", "ticket.opened"])
  expect(await desk.run(users.sam, channels.welcome, "customer", { who: `<@${users.ada}>` })).toContain("Ada Customer")
})

test("an address that nobody has is answered in the same words, and no mail goes out", async () => {
  await desk.customer({ email: "ada@customers.test" })
  const known = await link(users.ada, "ada@customers.test")
  expect(await link(users.ben, "nobody@customers.test")).toBe(known)
  expect(desk.fakes.mailbox.mails).toHaveLength(1)
  expect(await enter(users.ben, codes()[0] ?? "")).toContain("not right")
  expect(await links()).toEqual([])
})

test("what is no address is refused, whatever it would make of a mail's headers", async () => {
  await desk.customer({ email: "ada@customers.test" })
  const hostile = [
    "ada",
    "ada@customers.test\r\nBcc: evil@example.com",
    "ada@customers.test,evil@example.com",
    "Ada <ada@customers.test>",
    '"x" ada@customers.test',
    "@",
    "' or 1=1 --@x",
    `${"a".repeat(250)}@x`,
  ]
  for (const email of hostile) {
    const told = await link(users.ada, email)
    expect([email, told]).toEqual([email, expect.stringMatching(/no e-mail address|a code is on its way/)])
  }
  expect(await link(users.ada, "a\0da@customers.test")).not.toContain("Something went wrong")
  expect(desk.fakes.mailbox.mails).toEqual([])
})

test("a code is of one account, holds 15 minutes and three tries, and is used once however often it is sent at once", async () => {
  await desk.customer({ email: "ada@customers.test" })
  await desk.customer({ email: "ben@customers.test", name: "Ben" })
  await link(users.ada, "ada@customers.test")
  await link(users.ben, "ben@customers.test")
  const [ofAda = "", ofBen = ""] = codes()
  expect(await enter(users.ben, ofAda)).toContain("not right")
  for (const wrong of [wrongFor(ofAda), "abcdefgh", wrongFor(ofAda)])
    expect(await enter(users.ada, wrong)).toContain("not right")
  expect(await enter(users.ada, ofAda)).toContain("not right")
  const told = await Promise.all([enter(users.ben, ofBen), enter(users.ben, ofBen)])
  expect(told.filter((each) => each.includes("is linked"))).toHaveLength(1)
  expect(await links()).toHaveLength(1)
  expect(await enter(users.ben, ofBen)).toContain("not right")

  const begun = Date.now()
  await link(users.ada, "ada@customers.test")
  desk.setClock(new Date(begun + 16 * minute))
  expect(await enter(users.ada, codes().at(-1) ?? "")).toContain("too old")
  expect(await links()).toHaveLength(1)
})

test("three codes an hour are all that an account, or an address, gets, from many accounts at once as well", async () => {
  await desk.customer({ email: "ada@customers.test" })
  const told = await Promise.all(
    [users.ada, users.ada, users.ben, users.ben, users.cleo].map((user) => link(user, "ada@customers.test")),
  )
  expect(told.filter((each) => each.includes("on its way"))).toHaveLength(3)
  expect(told.filter((each) => each.includes("Try again in an hour"))).toHaveLength(2)
  expect(desk.fakes.mailbox.mails).toHaveLength(3)
  desk.setClock(new Date(Date.now() + 61 * minute))
  expect(await link(users.cleo, "ada@customers.test")).toContain("on its way")
})
