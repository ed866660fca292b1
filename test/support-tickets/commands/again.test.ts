import { sql } from "drizzle-orm"
import { describe, expect, test } from "vitest"
import { jsonb } from "../../../shared/db/bulk.ts"
import { carryTicket } from "../../../shared/support/carryTicket.ts"
import { claimTicket, releaseTicket } from "../../../shared/support/work/claimTicket.ts"
import { closeTicket } from "../../../shared/support/work/closeTicket.ts"
import { rateTicket } from "../../../shared/support/work/rateTicket.ts"
import { reopenTicket } from "../../../shared/support/work/reopenTicket.ts"
import { setTicketCategory, setTicketPriority } from "../../../shared/support/work/sortTicket.ts"
import type { Interaction } from "../../fakes/discord/interactions/interaction.ts"
import { useDatabase } from "../../support/useDatabase.ts"
import { useCommands } from "./useCommands.ts"

const desk = useCommands(useDatabase())
const { users, channels } = desk.ids

/** As if whoever did it had died before they could write that it is done: the sweep has it done again. */
async function doAgain({ id, sent }: Interaction) {
  await desk.settled()
  await desk.db.execute(sql`update discord_interactions set payload = ${jsonb(JSON.parse(sent.body))} where id = ${id}`)
  await desk.context().queues.tickets.send({ ids: [`interaction:${id}`] })
  desk.setClock(new Date(Date.now() + 120_000))
  await desk.workOff()
  expect(await desk.rows(sql`select from discord_interactions where id = ${id} and payload is not null`)).toEqual([])
}

const everything = async (ticket: { id: string; place: string; staffThread: string }) => ({
  ...(await desk.record(ticket.id)),
  row: {
    ...(await desk.row(ticket.id)),
    // When it was last looked at is no change.
    ...{ capture_at: null, version: null, last_message_at: null, opener_check_at: null },
  },
  said: desk.said(ticket.place).map(({ content, embeds }) => [content, embeds]),
  noted: desk.said(ticket.staffThread).map(({ content, embeds }) => [content, embeds]),
  kept: await desk.rows(
    sql`select content, delivery from ticket_messages where ticket_id = ${ticket.id} and origin = 'admin'`,
  ),
})

describe("a command that is done again after a death is done once", () => {
  test.each<[string, Record<string, string>]>([
    ["claim", {}],
    ["release", {}],
    ["transfer", { user: users.noor }],
    ["add", { user: users.cleo }],
    ["remove", { user: users.ben }],
    ["priority", { level: "urgent" }],
    ["category", { name: "billing" }],
    ["note", { text: "Looks like the card." }],
    ["reply", { name: "where-invoices-are" }],
    ["ask-close", {}],
    ["close", { reason: "Solved" }],
  ])("/ticket %s", async (name, options) => {
    const ticket = await desk.open()
    if (name === "release") await desk.run(users.noor, ticket.place, "ticket claim")
    await desk.run(users.noor, ticket.place, "ticket add", { user: users.ben })
    const used = await desk.people().command({ as: users.sam, channel: ticket.place, name: `ticket ${name}`, options })
    await desk.settled()
    const before = await everything(ticket)
    await doAgain(used)
    expect(await everything(ticket)).toEqual(before)
  })

  test("/block and /unblock", async () => {
    await desk.account("ops", users.sam)
    const done = () => desk.rows(sql`select action from audit_log where subject_id = ${users.ben} order by at`)
    const blocks = () => desk.rows(sql`select subject, reason from support_blocks`)
    const use = (name: string, options: Record<string, string | number>) =>
      desk.people().command({ as: users.sam, channel: channels.welcome, name, options })
    const reason = "Spam \ud800"
    await doAgain(await use("block", { user: users.ben, reason, days: 3 }))
    expect([await blocks(), await done()]).toEqual([
      [{ subject: users.ben, reason: "Spam \ufffd" }],
      [{ action: "support.blocked" }],
    ])
    await doAgain(await use("unblock", { user: users.ben }))
    expect([await blocks(), (await done()).length]).toEqual([[], 2])
  })
})

describe("what is done again leaves alone what others have done since", () => {
  type Ticket = Awaited<ReturnType<typeof desk.open>>
  const as = (userId: string, isStaff = true) => ({
    ...desk.context(),
    actor: { kind: "discord" as const, userId, name: userId, isStaff },
  })
  const claim = (userId: string) => (ticket: Ticket) => claimTicket(as(userId), ticket)
  const release = (ticket: Ticket) => releaseTicket(as(users.sam), ticket)
  const close = async ({ id }: Ticket) => {
    await closeTicket(as(users.sam), { id, reason: "Solved" })
    await carryTicket(desk.context(), { id })
  }
  const reopen = async ({ id }: Ticket) => {
    await reopenTicket(as(users.sam), { id })
    await carryTicket(desk.context(), { id })
  }
  const nothing = async () => {}
  const ask = (ticket: Ticket) => desk.run(users.sam, ticket.place, "ticket ask-close")
  const command =
    (name: string, options: Record<string, string> = {}) =>
    (ticket: Ticket) =>
      desk.people().command({ as: users.sam, channel: ticket.place, name: `ticket ${name}`, options })
  /** The newest message that has such a button. */
  const press = (name: string, by: string) => (ticket: Ticket) => {
    const wanted = `${name}:${ticket.id}`
    const found = desk.said(ticket.place).findLast(({ components }) => JSON.stringify(components).includes(wanted))
    return desk.people().press({ as: by, channel: ticket.place, message: String(found?.id), customId: wanted })
  }
  const fillIn = (button: string, by: string, values: Record<string, string>) => async (ticket: Ticket) => {
    const pressed = await press(button, by)(ticket)
    return desk.people().submitModal({ as: by, interaction: pressed.id, values })
  }
  type Step = (ticket: Ticket) => Promise<unknown>

  test.each<[string, Step, (ticket: Ticket) => Promise<Interaction>, Step[]]>([
    ["/ticket transfer", nothing, command("transfer", { user: users.noor }), [release, claim(users.sam)]],
    ["/ticket claim", nothing, command("claim"), [release]],
    ["/ticket release", claim(users.sam), command("release"), [claim(users.noor)]],
    [
      "/ticket priority",
      nothing,
      command("priority", { level: "urgent" }),
      [({ id }) => setTicketPriority(as(users.noor), { id, priority: "low" })],
    ],
    [
      "/ticket category",
      nothing,
      command("category", { name: "billing" }),
      [({ id }) => setTicketCategory(as(users.noor), { id, categoryId: "setup" })],
    ],
    ["/ticket close", nothing, command("close", { reason: "Solved" }), [reopen]],
    ["/ticket ask-close", nothing, command("ask-close"), [press("ticket.unsolved", users.ada), desk.settled]],
    ["the button Claim", nothing, press("ticket.claim", users.sam), [release]],
    ["the button to let go", claim(users.sam), press("ticket.release", users.sam), [claim(users.noor)]],
    ["the form that closes", nothing, fillIn("ticket.close", users.sam, { reason: "Solved" }), [reopen]],
    ["the button Yes, close it", ask, press("ticket.solved", users.ada), [reopen]],
    ["the button Not yet", ask, press("ticket.unsolved", users.ada), [ask]],
    ["the button Open it again", close, press("ticket.reopen", users.ada), [close]],
  ])("%s", async (_, first, use, since) => {
    const ticket = await desk.open()
    await first(ticket)
    await desk.workOff()
    const used = await use(ticket)
    await desk.settled()
    for (const step of since) await step(ticket)
    await desk.workOff()
    const before = await everything(ticket)
    await doAgain(used)
    expect(await everything(ticket)).toEqual(before)
  })

  test("the stars of whoever has changed their mind", async () => {
    desk.people().blockDms({ as: users.ada, blocked: true })
    const ticket = await desk.open()
    await close(ticket)
    const pressed = await desk.people().press({
      as: users.ada,
      channel: ticket.place,
      message: String(desk.said(ticket.place).at(-1)?.id),
      customId: `ticket.rate:${ticket.id}:2`,
    })
    const used = await desk
      .people()
      .submitModal({ as: users.ada, interaction: pressed.id, values: { comment: "Slow" } })
    await desk.settled()
    await rateTicket(as(users.ada, false), { id: ticket.id, rating: 5, comment: "" })
    await doAgain(used)
    expect(await desk.row(ticket.id)).toMatchObject({ rating: 5, rating_comment: null })
  })
})
