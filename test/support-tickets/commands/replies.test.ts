import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { cannedVariables } from "../../../shared/support/cannedText.ts"
import { loadSupport } from "../../../shared/support/supportSetup.ts"
import { permissionBits } from "../../../shared/vendors/discord/permissions.ts"
import { useDatabase } from "../../support/useDatabase.ts"
import { useCommands } from "./useCommands.ts"

const desk = useCommands(useDatabase())
const { users } = desk.ids

const can = (id: string, content: string) =>
  desk.db.execute(
    sql`insert into canned_replies (id, name, content, updated_at) values (${id}, ${id}, ${content}, now())`,
  )
const every = cannedVariables.map((name) => `${name}=[{{ ${name} }}]`).join("\n")
const send = (place: string, name: string) => desk.run(users.sam, place, "ticket reply", { name })
/** What the bot said in the name of staff, the latest. */
const lastReply = (place: string) => desk.said(place).findLast(({ embeds }) => embeds[0]?.author)
test("every variable is filled in, for the opener to read in the ticket, in the name of who sent it", async () => {
  const { brand } = (await loadSupport(desk.context())).settings
  await desk.customer({ discord: users.ada })
  const account = await desk.account("support", users.sam, "Samira Support")
  const { id, number, place, staffThread } = await desk.open({ description: "Server down\nfor an hour" })
  await can("all", every)
  // From the staff's own thread it goes to the opener as well.
  expect(await send(staffThread, "all")).toBe("The reply is sent.")
  const reply = lastReply(place)
  expect(reply?.embeds[0]).toMatchObject({ author: { name: "Samira Support" } })
  expect(String(reply?.embeds[0]?.description).replaceAll("\\", "").split("\n")).toEqual([
    "customer.name=[Ada Customer]",
    "customer.email=[ada@customers.test]",
    "opener.name=[Ada Example]",
    "staff.name=[Samira Support]",
    `ticket.number=[#${number}]`,
    "ticket.subject=[Server down]",
    "ticket.category=[Technical]",
    `brand.name=[${brand.name}]`,
    `brand.websiteUrl=[${brand.websiteUrl}]`,
    `brand.accountUrl=[${brand.accountUrl}]`,
    `brand.supportUrl=[${brand.supportUrl}]`,
  ])
  expect(await desk.row(id)).toMatchObject({ last_from: "staff", first_response_by: `staff:${account}` })
})

test("what is not known of somebody is nothing, and never a variable's name", async () => {
  const { place } = await desk.open({ openerName: " " })
  await can("all", every)
  expect(await send(place, "all")).toBe("The reply is sent.")
  const text = String(lastReply(place)?.embeds[0]?.description)
  expect(text).not.toMatch(/\{\{|\}\}|undefined|null/)
  expect(text).toContain("customer.email=[]")
  // Who has no name is called by their id.
  expect(text).toContain(`opener.name=[${users.ada}]`)
})

test("what customers have written stays text: no ping, no link under other words, no variable, no mark", async () => {
  const hostile = "@everyone <@&100000000000000011> [pay](https://evil.example) **b** {{ staff.name }} $& `"
  await desk.customer({ name: hostile, email: "a_b_c@customers.test", discord: users.ada })
  const { id, place } = await desk.open({ openerName: hostile, description: `${hostile}\nmore` })
  await can("hostile", "Hi **{{ customer.name }}** {{opener.name}} {{   ticket.subject   }} {{ customer.email }}")
  expect(await send(place, "hostile")).toBe("The reply is sent.")
  const reply = lastReply(place)
  expect([reply?.mentions, reply?.mention_roles, reply?.mention_everyone]).toEqual([[], [], false])
  const text = String(reply?.embeds[0]?.description)
  expect(text.startsWith("Hi **\\@everyone")).toBe(true)
  expect(text).not.toMatch(/(?<!\\)\[pay|(?<!\\)<@|Sam Example|(?<!\\)`/)
  expect(text.split("{{").length).toBe(1)
  const posted = desk.fakes.discord.log.requests.filter(
    ({ method, path }) => method === "POST" && path.endsWith(`/channels/${place}/messages`),
  )
  expect(posted.at(-1)?.body).toMatchObject({ allowed_mentions: { parse: [] } })
  expect(
    await desk.rows(sql`select delivery from ticket_messages where ticket_id = ${id} and origin = 'admin'`),
  ).toEqual([{ delivery: "sent" }])
})

test("a first message offers an answer with the opener's name as text", async () => {
  await desk.db.execute(sql`
    insert into canned_replies (id, name, content, keywords, suggested, updated_at)
    values ('crash', 'Crash', 'Dear {{ opener.name }}, [look here](https://example.com/crash).', '{flux}', true, now())`)
  const { place } = await desk.open({ openerName: "[free](https://evil.example) @here", description: "It is in flux" })
  const field = JSON.stringify(desk.said(place)[0]?.embeds)
  expect(field).toContain("Dear \\\\[free\\\\]")
  expect(field).toContain("[look here](https://example.com/crash)")
})

test("what does not fit, comes to nothing, or has been deleted is said, and nothing is sent", async () => {
  await desk.customer({ name: "n".repeat(200), email: null, discord: users.ada })
  const { place } = await desk.open()
  const before = desk.said(place).length
  await can("long", `${"x".repeat(3950)} {{ customer.name }}`)
  await can("void", "{{ customer.email }}")
  expect(await send(place, "long")).toContain("up to 4000 characters")
  expect(await send(place, "void")).toContain("between 1 and")
  expect(await send(place, "gone")).toContain("no such canned reply")
  expect(await send(place, "Restart first")).toContain("no such canned reply")
  expect(desk.said(place)).toHaveLength(before)
})

test("4,000 characters with marks go out whole", async () => {
  const text = `# ${"**x** _y_ `z` ".repeat(290)}`.slice(0, 4000).trim()
  await can("full", text)
  const { place } = await desk.open()
  expect(await send(place, "full")).toBe("The reply is sent.")
  expect(lastReply(place)?.embeds[0]?.description).toBe(text)
})

test("a reply that Discord refuses is not said to be sent; staff see why, and the next attempt says it once", async () => {
  const { id, place } = await desk.open()
  const kept = () =>
    desk.rows(sql`select delivery, error from ticket_messages where ticket_id = ${id} and origin = 'admin'`)
  const channel = desk.world.store.channels.get(place)
  const own = channel?.permission_overwrites.find((each) => each.id === users.bot)
  const before = { ...own }
  if (own) Object.assign(own, { allow: "0", deny: String(permissionBits("SEND_MESSAGES")) })
  expect(await send(place, "where-invoices-are")).toContain("does not take it")
  expect(await kept()).toMatchObject([{ delivery: "failed", error: expect.stringContaining("Missing Access") }])
  if (own) Object.assign(own, before)

  desk.fakes.faults.set("discord", { unavailable: { on: "/channels/" } })
  expect(await send(place, "more-details")).toContain("does not take it")
  desk.fakes.faults.clear()
  expect(
    await desk.rows(
      sql`select delivery, error is null as clean from ticket_messages where ticket_id = ${id} and origin = 'admin' and delivery = 'queued'`,
    ),
  ).toEqual([{ delivery: "queued", clean: false }])
  desk.setClock(new Date(Date.now() + 60_000))
  await desk.workOff()
  expect(desk.said(place).filter(({ embeds }) => embeds[0]?.author)).toHaveLength(1)
})
