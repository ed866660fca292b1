import { sql } from "drizzle-orm"
import { describe, expect, test } from "vitest"
import { jsonb } from "../../../shared/db/bulk.ts"
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
