import { describe, expect, test } from "vitest"
import { carryTicket } from "../../../shared/support/carryTicket.ts"
import { useDatabase } from "../../support/useDatabase.ts"
import { useCommands } from "./useCommands.ts"

const desk = useCommands(useDatabase())
const { users } = desk.ids
const day = 86_400_000
type OpenedTicket = Awaited<ReturnType<typeof desk.open>>

/** The latest message that offers a button. */
function offering(channel: string, button: string) {
  const found = desk.said(channel).findLast(({ components }) => JSON.stringify(components).includes(`"${button}`))
  if (!found) throw new Error(`Nothing offers ${button}.`)
  return found.id
}
const press = ({ id, place }: OpenedTicket, as: string, button: string, more = "") =>
  desk.people().press({ as, channel: place, message: offering(place, button), customId: `${button}:${id}${more}` })

/** Presses a button that is answered without a form; what whoever pressed it is told, the latest. */
async function pressed(ticket: OpenedTicket, as: string, button: string): Promise<string> {
  const before = desk.world.store.conversation(ticket.place).filter((each) => each.ephemeral_for === as).length
  await press(ticket, as, button)
  await desk.settled()
  const told = desk.world.store.conversation(ticket.place).filter((each) => each.ephemeral_for === as)
  return told.slice(before).at(-1)?.content ?? ""
}

/** Presses a button that opens a form, and sends it. */
async function filled(ticket: OpenedTicket, as: string, button: string, values: Record<string, string>, more = "") {
  const { id } = await press(ticket, as, button, more)
  return desk.answerTo(await desk.people().submitModal({ as, interaction: id, values }))
}
const close = (ticket: OpenedTicket, as: string, reason = "Solved") => filled(ticket, as, "ticket.close", { reason })

async function openWithFriend() {
  const ticket = await desk.open()
  await desk.run(users.sam, ticket.place, "ticket add", { user: users.cleo })
  return ticket
}

describe("the buttons of a ticket", () => {
  test("claim and let go are for staff, and one of two who press at once has it", async () => {
    const ticket = await openWithFriend()
    for (const user of [users.ada, users.cleo])
      expect(await pressed(ticket, user, "ticket.claim")).toBe("This is for staff.")
    expect(await desk.row(ticket.id)).toMatchObject({ claimed_by: null })
    await Promise.all([press(ticket, users.sam, "ticket.claim"), press(ticket, users.noor, "ticket.claim")])
    await desk.settled()
    const row = await desk.row(ticket.id)
    expect([`discord:${users.sam}`, `discord:${users.noor}`]).toContain(row.claimed_by)
    expect(JSON.stringify(desk.said(ticket.place)[0]?.components)).toContain(`Claimed by ${row.claimed_by_label}`)
    expect(await pressed(ticket, users.ada, "ticket.release")).toBe("This is for staff.")
    expect(await pressed(ticket, users.sam, "ticket.release")).toBe("")
    expect((await desk.record(ticket.id)).events).toEqual(["member_added", "claimed", "unclaimed"])
  })

  test("close is for whoever opened it and for staff, once, with the reason as they write it", async () => {
    const ticket = await openWithFriend()
    expect(await close(ticket, users.cleo)).toContain("somebody else's")
    expect(await close(ticket, users.ada, "   ")).toContain("Say why")
    expect(await desk.row(ticket.id)).toMatchObject({ status: "open" })
    const told = await Promise.all([
      close(ticket, users.ada, "Works **now**"),
      close(ticket, users.sam, "Works **now**"),
    ])
    expect(told.filter((each) => each === "The ticket is closed.")).toHaveLength(1)
    expect(await desk.row(ticket.id)).toMatchObject({ status: "closed", close_reason: "Works **now**" })
    expect((await desk.record(ticket.id)).events).toEqual(["member_added", "closed"])
    const ends = desk.said(ticket.place).filter(({ content }) => content.includes("was closed"))
    expect(ends.map(({ content }) => content.includes("Works \\*\\*now\\*\\*"))).toEqual([true])
  })

  test("open it again is for whoever opened it and for staff, once, for as long as the settings say", async () => {
    const ticket = await openWithFriend()
    await close(ticket, users.sam)
    expect(await pressed(ticket, users.cleo, "ticket.reopen")).toMatch(/too long ago|somebody else's|opened it/)
    desk.setClock(new Date(Date.now() + 15 * day))
    expect(await pressed(ticket, users.ada, "ticket.reopen")).toContain("too long ago")
    expect(await desk.row(ticket.id)).toMatchObject({ status: "closed" })
    desk.setClock(new Date(Date.now() + 13 * day))
    await Promise.all([press(ticket, users.ada, "ticket.reopen"), press(ticket, users.sam, "ticket.reopen")])
    await desk.settled()
    expect(await desk.row(ticket.id)).toMatchObject({ status: "open", error: null })
    expect((await desk.record(ticket.id)).events.filter((kind) => kind === "reopened")).toHaveLength(1)
    expect(desk.said(ticket.place).filter(({ embeds }) => embeds.length > 0)).toHaveLength(2)
  })

  test("a ticket whose opener has another open one about the same stays closed", async () => {
    const first = await desk.open()
    await close(first, users.sam)
    await desk.open()
    expect(await pressed(first, users.ada, "ticket.reopen")).toContain("another open ticket")
    expect(await pressed(first, users.sam, "ticket.reopen")).toContain("another open ticket")
    expect(await desk.row(first.id)).toMatchObject({ status: "closed" })
  })

  test("the rating is the opener's, of a closed ticket; the last word stands", async () => {
    desk.people().blockDms({ as: users.ada, blocked: true })
    const ticket = await openWithFriend()
    await close(ticket, users.sam)
    const rate = (as: string, stars: number, comment = "") =>
      filled(ticket, as, "ticket.rate", { comment }, `:${stars}`)
    for (const user of [users.cleo, users.sam]) expect(await rate(user, 1, "Bad")).toContain("Only who opened it")
    expect(await rate(users.ada, 2, "<script>\0 @everyone")).toContain("Thank you")
    expect(await rate(users.ada, 5, "Good after all")).toContain("Thank you")
    expect(await desk.row(ticket.id)).toMatchObject({ rating: 5, rating_comment: "Good after all" })
    const { id: message } = desk.said(ticket.place).findLast(({ content }) => content.includes("How did we do?")) ?? {}
    await pressed(ticket, users.ada, "ticket.reopen")
    expect(await carryTicket(desk.context(), ticket)).toBeNull()
    const again = await desk
      .people()
      .press({ as: users.ada, channel: ticket.place, message: String(message), customId: `ticket.rate:${ticket.id}:1` })
    const values = { comment: "" }
    const sent = await desk.people().submitModal({ as: users.ada, interaction: again.id, values })
    expect(await desk.answerTo(sent)).toContain("once it is closed")
    expect(await desk.row(ticket.id)).toMatchObject({ status: "open", rating: 5 })
  })
})
