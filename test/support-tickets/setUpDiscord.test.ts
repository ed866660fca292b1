import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { setUpDiscord } from "../../shared/support/setup/setUpDiscord.ts"
import { permissionBits } from "../../shared/vendors/discord/permissions.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useTickets } from "./useTickets.ts"

const database = useDatabase()
const tickets = useTickets(database)
const { ids, rows } = tickets
const setting = async (name: string) => (await rows(sql`select value from settings where name = ${name}`))[0]?.value

test("a server without anything gets everything, and doing it again changes nothing", async () => {
  await database.db.execute(sql`delete from settings`)
  const report = await setUpDiscord(tickets.context())
  expect(report.problems).toEqual([])
  expect(report.done).toHaveLength(6)
  expect(await setting("support")).toMatchObject({
    staffRoleId: ids.roles.support,
    panelChannelId: ids.channels.support,
    parentIds: [ids.channels.tickets],
    botUserId: ids.users.bot,
  })
  const panel = () => tickets.world.store.conversation(ids.channels.support)
  expect(panel()).toHaveLength(1)
  expect(JSON.stringify(panel()[0]?.components)).toContain("ticket.open")
  const channels = tickets.world.store.channels.size
  expect((await setUpDiscord(tickets.context())).problems).toEqual([])
  expect([panel().length, tickets.world.store.channels.size]).toEqual([1, channels])
  expect(await setting("discordSetup")).toMatchObject({ problems: [] })
})

test("what is missing is said in words: a permission, the content of messages, a channel, the bot itself", async () => {
  const { people } = tickets.fakes.discord
  people.setRolePermission({ role: ids.roles.bot, bit: permissionBits("MANAGE_THREADS"), on: false })
  tickets.world.messageContent = false
  people.deleteChannel({ channel: ids.channels.support })
  const { problems } = await setUpDiscord(tickets.context())
  expect(problems).toEqual([
    expect.stringContaining("Message Content Intent"),
    expect.stringContaining("Manage Threads"),
    expect.stringContaining("no channel for the panel"),
  ])
  tickets.world.store.members.delete(ids.users.bot)
  const gone = await setUpDiscord(tickets.context())
  expect(gone.problems).toEqual([expect.stringContaining("https://discord.com/oauth2/authorize")])
})
