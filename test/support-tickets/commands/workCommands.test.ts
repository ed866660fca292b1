import { sql } from "drizzle-orm"
import pg from "pg"
import { describe, expect, test, vi } from "vitest"
import { reopenTicket } from "../../../shared/support/work/reopenTicket.ts"
import { permissionBits } from "../../../shared/vendors/discord/permissions.ts"
import { useDatabase } from "../../support/useDatabase.ts"
import { useCommands } from "./useCommands.ts"

const database = useDatabase()
const desk = useCommands(database)
const { users, channels } = desk.ids
type Options = Record<string, string>

/** Every one of `/ticket`, with options that somebody would give. */
const all: [name: string, options: Options][] = [
  ["claim", {}],
  ["release", {}],
  ["transfer", { user: users.noor }],
  ["add", { user: users.cleo }],
  ["remove", { user: users.cleo }],
  ["priority", { level: "urgent" }],
  ["category", { name: "billing" }],
  ["note", { text: "Looks like the card." }],
  ["reply", { name: "where-invoices-are" }],
  ["close", { reason: "Solved" }],
  ["ask-close", {}],
]
const stateOf = async (id: string) => JSON.stringify([await desk.row(id), await desk.record(id)])
const buttons = (place: string) => JSON.stringify(desk.said(place)[0]?.components)
const mayIn = (place: string, user: string) => {
  const channel = desk.world.store.channels.get(place)
  const bits = channel ? desk.world.permissions(user, channel) : 0n
  return { see: (bits & permissionBits("VIEW_CHANNEL")) !== 0n, write: (bits & permissionBits("SEND_MESSAGES")) !== 0n }
}

test("the table above is of all commands that there are", () => {
  const [ticket] = [...desk.world.store.commands.values()].filter(({ name }) => name === "ticket")
  expect(ticket?.options.map(({ name }) => name).toSorted()).toEqual(all.map(([name]) => name).toSorted())
})

/** What each command is answered with, all of them at once. */
const answers = async (as: string, channel: string) =>
  Object.fromEntries(
    await Promise.all(
      all.map(async ([name, options]) => [name, await desk.run(as, channel, `ticket ${name}`, options)]),
    ),
  )
const each = (said: string) => Object.fromEntries(all.map(([name]) => [name, said]))

describe("is refused, and changes nothing", () => {
  test("to an opener and to a moderator whom Discord offers it, though they are no staff; in a channel that is no ticket", async () => {
    const { id, place } = await desk.open()
    for (const user of [users.ada, users.ben]) desk.makeModerator(user)
    await desk.run(users.sam, place, "ticket add", { user: users.ben })
    const before = await stateOf(id)
    for (const user of [users.ada, users.ben]) expect(await answers(user, place)).toEqual(each("This is for staff."))
    expect(await answers(users.sam, channels.welcome)).toEqual(each("This channel is no ticket."))
    expect(await stateOf(id)).toBe(before)
    expect(desk.said(place)).toHaveLength(2)
  })

  test("to whose role does not answer tickets, and to whose account is switched off, whatever their role in Discord", async () => {
    const account = await desk.account("viewer", users.sam)
    const { id, place, staffThread } = await desk.open()
    const before = await stateOf(id)
    for (const role of ["viewer", "finance"]) {
      await desk.db.execute(sql`update staff set role = ${role} where id = ${account}`)
      expect(await answers(users.sam, place)).toEqual({
        ...each(`Your role, ${role}, does not have the permission tickets:write.`),
        close: "Only staff and who opened it close a ticket.",
      })
    }
    await desk.db.execute(sql`update staff set role = 'owner', disabled_at = now() where id = ${account}`)
    expect(await answers(users.sam, place)).toEqual(each("This is for staff."))
    expect(await stateOf(id)).toBe(before)
    expect([desk.said(place).length, desk.said(staffThread).length]).toEqual([1, 1])
  })
})

describe("staff", () => {
  test("claim, pass on and let go of a ticket: its buttons say who has it, and the record says what was done", async () => {
    const customer = await desk.customer({ discord: users.ada })
    const { id, number, place, staffThread } = await desk.open()
    expect(buttons(place)).toContain('"Claim"')
    expect(await desk.run(users.sam, place, "ticket claim")).toBe(`You have claimed ticket #${number}.`)
    expect(await desk.row(id)).toMatchObject({ claimed_by: `discord:${users.sam}`, claimed_by_label: "Sam Example" })
    expect(buttons(place)).toContain("Claimed by Sam Example: let go")
    // From the staff's own thread it is the same ticket.
    expect(await desk.run(users.sam, staffThread, "ticket transfer", { user: users.noor })).toContain(users.noor)
    expect(await desk.row(id)).toMatchObject({ claimed_by: `discord:${users.noor}` })
    expect(buttons(place)).toContain("Claimed by Noor Example: let go")
    // Who gets it is told where staff alone read.
    const handed = desk.said(staffThread).at(-1)
    expect([handed?.mentions, handed?.content]).toEqual([
      [users.noor],
      expect.stringContaining("has given this ticket"),
    ])
    expect(desk.said(place)).toHaveLength(1)
    expect(await desk.run(users.sam, place, "ticket release")).toContain("Nobody has claimed")
    expect(await desk.row(id)).toMatchObject({ claimed_by: null, claimed_by_label: null, claimed_at: null })
    expect(buttons(place)).toContain('"Claim"')
    const did = ["claimed", "transferred", "unclaimed"]
    expect(await desk.record(id)).toEqual({
      events: did,
      audit: did.map((each) => `ticket.${each}`),
      timeline: did.map((each) => `ticket.${each}`),
    })
    const who = await desk.rows(sql`select distinct actor from audit_log where subject_id = ${id}`)
    expect(who).toEqual([{ actor: `discord:${users.sam}` }])
    expect(await desk.rows(sql`select distinct customer_id from timeline_entries where source_id = ${id}`)).toEqual([
      { customer_id: customer },
    ])
  })

  test("give a ticket to staff who may answer it, and to nobody else", async () => {
    const { id, place } = await desk.open()
    const transfer = (user: string) => desk.run(users.sam, place, "ticket transfer", { user })
    for (const user of [users.ben, users.bot]) expect(await transfer(user)).toContain(`<@${user}> is not on the staff`)
    const viewer = await desk.account("viewer", users.noor, "Noor Viewer")
    expect(await transfer(users.noor)).toContain("may not answer tickets")
    expect(await desk.row(id)).toMatchObject({ claimed_by: null })
    await desk.db.execute(sql`update staff set role = 'support' where id = ${viewer}`)
    expect(await transfer(users.noor)).toContain(`is <@${users.noor}>'s now`)
    // In the staff pages it is the same person's.
    expect(await desk.row(id)).toMatchObject({ claimed_by: `staff:${viewer}` })
    expect(buttons(place)).toContain("Claimed by Noor Viewer")
    expect(await transfer(users.noor)).toContain("They have this ticket already")
    expect((await desk.record(id)).events).toEqual(["transferred"])
  })

  test("let somebody into a ticket and take them out: only then they see it and write there", async () => {
    const { id, place } = await desk.open()
    expect(mayIn(place, users.cleo)).toEqual({ see: false, write: false })
    expect(await desk.run(users.sam, place, "ticket add", { user: users.cleo })).toContain("is in this ticket")
    expect(mayIn(place, users.cleo)).toEqual({ see: true, write: true })
    expect(desk.said(place).at(-1)).toMatchObject({ mentions: [users.cleo], mention_everyone: false })
    desk.people().say({ as: users.cleo, channel: place, content: "I know it, too." })
    expect(await desk.run(users.sam, place, "ticket remove", { user: users.cleo })).toContain("is out of this ticket")
    expect(mayIn(place, users.cleo)).toEqual({ see: false, write: false })
    expect(await desk.record(id)).toEqual({
      events: ["member_added", "member_removed"],
      audit: ["ticket.member_added", "ticket.member_removed"],
      timeline: [],
    })
  })

  test("take out neither whoever opened it nor the bot", async () => {
    const { id, place } = await desk.open()
    for (const user of [users.ada, users.bot]) {
      expect(await desk.run(users.sam, place, "ticket remove", { user })).toMatch(/stays|cannot/)
      expect(mayIn(place, user)).toEqual({ see: true, write: true })
    }
    expect((await desk.record(id)).events).toEqual([])
  })

  test("sort a ticket by priority and category; the same again is no change", async () => {
    const { id, place } = await desk.open()
    expect(await desk.run(users.sam, place, "ticket priority", { level: "urgent" })).toBe("The priority is urgent now.")
    expect(await desk.run(users.noor, place, "ticket category", { name: "billing" })).toBe("The category is changed.")
    expect(await desk.row(id)).toMatchObject({ priority: "urgent", category_id: "billing" })
    await desk.run(users.sam, place, "ticket priority", { level: "urgent" })
    await desk.run(users.sam, place, "ticket category", { name: "billing" })
    expect(await desk.record(id)).toMatchObject({
      events: ["reprioritised", "recategorised"],
      audit: ["ticket.reprioritised", "ticket.recategorised"],
    })
  })

  test("put a ticket into no category that is not there, whatever they type", async () => {
    const { id, place } = await desk.open()
    for (const name of [
      "nothing-like-it",
      "Billing",
      "'; drop table tickets; --",
      "\u202e\ud800\0",
      "x".repeat(6000),
    ]) {
      const told = await desk.run(users.sam, place, "ticket category", { name })
      expect(told).toContain("There is no such category")
    }
    expect(await desk.row(id)).toMatchObject({ category_id: "technical" })
  })

  test("put a ticket into no category where its opener has another open one", async () => {
    const { place, id } = await desk.open()
    await desk.open({ categoryId: "billing" })
    expect(await desk.run(users.sam, place, "ticket category", { name: "billing" })).toContain("another open ticket")
    expect(await desk.row(id)).toMatchObject({ category_id: "technical" })
  })

  test("note what only staff see, in their own thread, letter by letter", async () => {
    const { id, place, staffThread } = await desk.open()
    const text = "**Card** declined @everyone <@&1> [x](https://evil.example)"
    expect(await desk.run(users.sam, place, "ticket note", { text })).toBe("The note is kept; only staff see it.")
    const note = desk.said(staffThread).at(-1)
    expect([note?.embeds[0]?.description, note?.mention_everyone, note?.mention_roles]).toEqual([text, false, []])
    expect(desk.said(place)).toHaveLength(1)
    expect(
      await desk.rows(
        sql`select content, internal, delivery, author_id from ticket_messages where ticket_id = ${id} and origin = 'admin'`,
      ),
    ).toEqual([{ content: text, internal: true, delivery: "sent", author_id: `discord:${users.sam}` }])
    // Nobody has been answered.
    expect(await desk.row(id)).toMatchObject({ first_response_at: null, last_from: "opener" })
  })

  test("close a ticket with the reason: it is silent, its opener is told and asked, and may open it again", async () => {
    const { id, number, place } = await desk.open()
    expect(await desk.run(users.sam, place, "ticket close", { reason: "Fixed **it** @everyone" })).toContain(
      "is closed",
    )
    expect(await desk.row(id)).toMatchObject({ status: "closed", close_reason: "Fixed **it** @everyone" })
    expect(mayIn(place, users.ada)).toEqual({ see: true, write: false })
    expect(mayIn(place, users.sam)).toEqual({ see: true, write: true })
    const dm = [...desk.world.store.messages.values()].find(({ content }) => content.includes("How did we do?"))
    expect(dm?.content).toContain("Fixed \\*\\*it\\*\\* \\@everyone")
    expect(desk.world.store.channels.get(String(dm?.channel_id))?.recipients).toContain(users.ada)
    const end = desk.said(place).at(-1)
    expect([end?.mention_everyone, end?.content.includes("Fixed \\*\\*it")]).toEqual([false, true])
    const pressed = await desk.people().press({
      as: users.ada,
      channel: place,
      message: String(end?.id),
      customId: `ticket.reopen:${id}`,
    })
    expect(pressed.outcome).toBe("answered")
    await desk.settled()
    expect(await desk.row(id)).toMatchObject({ status: "open", close_reason: null })
    expect(mayIn(place, users.ada)).toEqual({ see: true, write: true })
    expect(await desk.record(id)).toMatchObject({
      events: ["closed", "reopened"],
      audit: ["ticket.closed", "ticket.reopened"],
    })
    expect(number).toBeGreaterThan(0)
  })

  test("ask whether it is solved: only whoever opened it answers, and once", async () => {
    const { id, place } = await desk.open()
    expect(await desk.run(users.sam, place, "ticket ask-close")).toBe("Whoever opened it is asked.")
    await desk.run(users.sam, place, "ticket add", { user: users.cleo })
    const asked = desk.said(place).find(({ content }) => content.includes("is this solved?"))
    expect(asked?.mentions).toEqual([users.ada])
    const press = async (as: string, customId: string) => {
      await desk.people().press({ as, channel: place, message: String(asked?.id), customId: `${customId}:${id}` })
      await desk.settled()
    }
    await press(users.cleo, "ticket.solved")
    await press(users.cleo, "ticket.unsolved")
    expect(await desk.row(id)).toMatchObject({ status: "open", close_asked_at: expect.anything() })
    const toCleo = desk.world.store.conversation(place).filter((each) => each.ephemeral_for === users.cleo)
    expect(toCleo.map(({ content }) => content.includes("somebody else's"))).toEqual([true, true])
    await press(users.ada, "ticket.unsolved")
    expect(await desk.row(id)).toMatchObject({ status: "open", close_asked_at: null, last_from: "opener" })
    expect((await desk.record(id)).events).toEqual(["close_asked", "member_added", "close_declined"])
    expect(desk.said(place).find((each) => each.id === asked?.id)?.components).toEqual([])
  })
})

describe("a ticket that is closed", () => {
  test("takes notes and sorting, and says of all else that it is closed", async () => {
    const { id, place, staffThread } = await desk.open()
    await desk.run(users.sam, place, "ticket claim")
    await desk.run(users.sam, place, "ticket close", { reason: "Solved" })
    const before = (await desk.record(id)).events
    for (const [name, options] of all.filter(([each]) => !["note", "priority", "category"].includes(each)))
      expect([name, await desk.run(users.noor, place, `ticket ${name}`, options)]).toEqual([
        name,
        expect.stringMatching(/closed|not open/),
      ])
    expect((await desk.record(id)).events).toEqual(before)
    expect(mayIn(place, users.cleo)).toEqual({ see: false, write: false })
    const spoken = [desk.said(place).length, desk.said(staffThread).length]
    expect(await desk.run(users.noor, place, "ticket note", { text: "For the record." })).toContain("kept")
    expect(await desk.run(users.noor, place, "ticket priority", { level: "low" })).toContain("low now")
    expect([desk.said(place).length, desk.said(staffThread).length]).toEqual(spoken)
    expect(await desk.row(id)).toMatchObject({ status: "closed", priority: "low" })
  })
})

describe("two at once", () => {
  test.each<[string, Options, string, string]>([
    ["claim", {}, "claimed", "You have claimed"],
    ["transfer", { user: users.noor }, "transferred", "now."],
    ["priority", { level: "high" }, "reprioritised", "high now"],
    ["category", { name: "billing" }, "recategorised", "changed"],
    ["close", { reason: "Solved" }, "closed", "is closed."],
  ])("/ticket %s is done once and told once; the other is told so", async (name, options, kind, done) => {
    const { id, place } = await desk.open()
    const told = await Promise.all(
      [users.sam, users.noor, users.sam, users.noor].map((user) => desk.run(user, place, `ticket ${name}`, options)),
    )
    expect(told.filter((each) => each.includes(done))).toHaveLength(1)
    expect(told.filter((each) => each.includes("Something went wrong"))).toEqual([])
    const { events, audit } = await desk.record(id)
    expect([events, audit]).toEqual([[kind], [`ticket.${kind}`]])
  })

  test("one claims while the other lets go: who has it in the end is what the buttons say", async () => {
    const { id, place } = await desk.open()
    await desk.run(users.noor, place, "ticket claim")
    await Promise.all([
      desk.run(users.sam, place, "ticket claim"),
      desk.run(users.noor, place, "ticket release"),
      desk.run(users.sam, place, "ticket claim"),
    ])
    await desk.workOff()
    const row = await desk.row(id)
    expect(buttons(place)).toContain(row.claimed_by ? `Claimed by ${row.claimed_by_label}` : '"Claim"')
  })

  test("of two tickets that become the open one of their opener and category one does; the other is told why not", async () => {
    const closed = await desk.open()
    await desk.run(users.sam, closed.place, "ticket close", { reason: "Solved" })
    const open = await desk.open({ categoryId: "other" })
    const other = new pg.Client({ connectionString: database.url })
    await other.connect()
    await other.query("begin")
    await other.query("update tickets set category_id = 'technical' where id = $1", [open.id])
    const reopened = reopenTicket(desk.context(), closed).catch((thrown: unknown) => thrown)
    await vi.waitFor(async () => {
      const { rowCount } = await other.query("select from pg_locks where not granted")
      expect(rowCount).toBeGreaterThan(0)
    })
    await other.query("commit")
    await other.end()
    expect(await reopened).toMatchObject({ code: "conflict" })
    expect(await desk.row(closed.id)).toMatchObject({ status: "closed" })
  })

  test("of a reply that is sent twice at once each is said once", async () => {
    const { id, place } = await desk.open()
    await Promise.all([
      desk.run(users.sam, place, "ticket reply", { name: "where-invoices-are" }),
      desk.run(users.noor, place, "ticket reply", { name: "more-details" }),
    ])
    await desk.workOff()
    const replies = desk.said(place).filter(({ embeds }) => embeds[0]?.author)
    expect(replies.map(({ embeds }) => embeds[0]?.author)).toEqual(
      expect.arrayContaining([{ name: "Sam Example" }, { name: "Noor Example" }]),
    )
    expect(replies).toHaveLength(2)
    expect(await desk.row(id)).toMatchObject({ last_from: "staff", first_response_at: expect.anything() })
  })
})
