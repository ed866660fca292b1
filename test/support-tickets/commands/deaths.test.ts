import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { startNeonHttp } from "../../../scripts/local/neonHttp.ts"
import { createDatabase } from "../../../shared/db/client.ts"
import { sweepTickets } from "../../../shared/support/sweepTickets.ts"
import { useDatabase } from "../../support/useDatabase.ts"
import { useCommands } from "./useCommands.ts"

const database = useDatabase()
const desk = useCommands(database)
const { users } = desk.ids

/** How many more requests, of the database and of Discord, whoever works lives for; the last one may have been done. */
const life = { left: Number.POSITIVE_INFINITY, lastIsDone: true }
class Died extends Error {}

function begin(): void {
  if (life.left <= 0) throw new Died()
  life.left--
  if (life.left === 0 && !life.lastIsDone) throw new Died()
}
function end(): void {
  if (life.left <= 0) throw new Died()
}

let neon: Awaited<ReturnType<typeof startNeonHttp>> | undefined
beforeAll(async () => {
  neon = await startNeonHttp({ hooks: { before: begin, after: end } })
  createDatabase({ url: database.url, httpEndpoint: neon.endpoint })
})
beforeEach(() => {
  const { discord } = desk.context().vendors
  const request = discord.request.bind(discord)
  discord.request = async (call) => {
    begin()
    const answer = await request(call)
    end()
    return answer
  }
})
afterAll(async () => {
  createDatabase(database)
  await neon?.release(database.url)
  await neon?.close()
})

/** What everybody sees in the end, without what differs each time. */
async function outcome({ id, place, staffThread }: Awaited<ReturnType<typeof desk.open>>) {
  const { claimed_by, status, priority, close_asked_at } = await desk.row(id)
  const texts = (channel: string) =>
    desk
      .said(channel)
      .map(({ content, embeds }) => [content, embeds[0]?.description ?? ""].join(" "))
      .map((text) => text.replaceAll(/#\d+|transcripts\/\S+/g, "#"))
      .toSorted()
  const channel = desk.world.store.channels.get(place)
  return {
    row: { claimed_by, status, priority, asked: close_asked_at !== null },
    record: await desk.record(id),
    buttons: JSON.stringify(desk.said(place)[0]?.components).replaceAll(id, ""),
    said: texts(place),
    noted: texts(staffThread),
    sees: channel ? desk.world.permissions(users.cleo, channel) !== 0n : null,
    replies: await desk.rows(sql`select delivery from ticket_messages where ticket_id = ${id} and origin = 'admin'`),
  }
}

/** Does what the sweep finds, minutes later. */
async function sweep() {
  for (let minutes = 2; minutes <= 4; minutes += 2) {
    desk.setClock(new Date(Date.now() + minutes * 60_000))
    const { refs } = await sweepTickets(desk.context())
    const ids = refs.filter((ref) => /^(ticket|reply|interaction|show):/.test(ref))
    await desk.context().queues.tickets.send({ ids })
    await desk.workOff()
  }
  desk.setClock(new Date())
}

async function attempt(name: string, options: Record<string, string>, calls: number) {
  await desk.db.execute(sql`truncate tickets, discord_interactions cascade`)
  const ticket = await desk.open()
  const use = () => desk.people().command({ as: users.sam, channel: ticket.place, name: `ticket ${name}`, options })
  life.left = calls
  await use()
  await desk.settled()
  const died = life.left <= 0
  life.left = Number.POSITIVE_INFINITY
  // Messages of the queue may be lost with whoever sent them.
  desk.context().queues.tickets.take()
  const taken = await desk.rows(sql`select from discord_interactions`)
  // Who was told to try again does.
  if (died && taken.length === 0) {
    await use()
    await desk.settled()
  }
  await sweep()
  return { died, outcome: await outcome(ticket) }
}

test.each<[string, boolean, Record<string, string>]>([
  ["transfer", true, { user: users.noor }],
  ["add", true, { user: users.cleo }],
  ["reply", true, { name: "where-invoices-are" }],
  ["reply", false, { name: "where-invoices-are" }],
  ["ask-close", true, {}],
])(
  "/ticket %s comes to the same whenever whoever does it dies (what they last asked for was done: %s)",
  async (name, lastIsDone, options) => {
    life.lastIsDone = lastIsDone
    const { outcome: expected, died } = await attempt(name, options, Number.POSITIVE_INFINITY)
    expect(died).toBe(false)
    let calls = 1
    for (; ; calls++) {
      const found = await attempt(name, options, calls)
      expect([calls, found.outcome]).toEqual([calls, expected])
      if (!found.died) break
    }
    expect(calls).toBeGreaterThan(6)
  },
)
