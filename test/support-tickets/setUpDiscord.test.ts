import { sql } from "drizzle-orm"
import { describe, expect, test } from "vitest"
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

describe("tickets as threads", () => {
  const { roles, channels } = ids
  const threads = permissionBits("MANAGE_THREADS")

  test("what keeps staff and the bot out of them is said in words, and no more once it is granted", async () => {
    const { people } = tickets.fakes.discord
    await tickets.setSupport({ place: "thread" })
    const panel = tickets.world.store.channels.get(channels.support)
    const own = panel?.permission_overwrites.find(({ id }) => id === ids.users.bot)
    if (!panel || !own) throw new Error("There is no panel.")
    own.deny = String(permissionBits("CREATE_PRIVATE_THREADS", "SEND_MESSAGES_IN_THREADS"))
    const { problems, done } = await setUpDiscord(tickets.context())
    expect(problems).toEqual([
      expect.stringMatching(/In #support the bot lacks .* threads\. Create Private Threads: the channel's permissions/),
      expect.stringMatching(
        /In #support the bot lacks .* threads\. Send Messages in Threads: the channel's permissions/,
      ),
      expect.stringMatching(/In #support the role Support lacks .*Manage Threads: none of its roles grants it/),
    ])
    expect(done).toContain("The button is in #support.")
    own.deny = "0"
    people.setRolePermission({ role: roles.support, bit: threads, on: true })
    expect((await setUpDiscord(tickets.context())).problems).toEqual([])
  })

  test("in which members cannot write are said to be so, where everybody sees the panel", async () => {
    const { people } = tickets.fakes.discord
    await tickets.setSupport({ place: "thread" })
    people.setRolePermission({ role: roles.support, bit: threads, on: true })
    const everybody = tickets.world.store.channels.get(channels.support)?.permission_overwrites[0]
    if (!everybody) throw new Error("There is no panel.")
    everybody.deny = String(permissionBits("SEND_MESSAGES_IN_THREADS"))
    expect((await setUpDiscord(tickets.context())).problems).toEqual([
      expect.stringContaining("the bot lacks a permission for tickets that are threads. Send Messages in Threads"),
      expect.stringContaining("the role Support lacks a permission"),
      expect.stringContaining("members cannot write in their own tickets"),
    ])
  })

  test("are looked at where a category has a role of its own, and where the server has no room for channels", async () => {
    const { people } = tickets.fakes.discord
    people.setRolePermission({ role: roles.support, bit: threads, on: true })
    const quiet = tickets.world.store.channels.get(channels.welcome)
    for (let index = 0; quiet && index < 490; index++)
      tickets.world.store.channels.set(`9000${index}`, { ...quiet, id: `9000${index}` })
    expect((await setUpDiscord(tickets.context())).problems).toEqual([expect.stringContaining("nearly full")])
    people.setRolePermission({ role: roles.moderators, bit: threads, on: false })
    await database.db.execute(sql`update ticket_categories set role_id = ${roles.moderators} where id = 'billing'`)
    expect((await setUpDiscord(tickets.context())).problems).toEqual([
      expect.stringContaining("nearly full"),
      expect.stringContaining("the role Moderators lacks a permission"),
    ])
  })
})

test("who does not see the commands of staff is said in words", async () => {
  tickets.fakes.discord.people.setRolePermission({
    role: ids.roles.support,
    bit: permissionBits("MANAGE_MESSAGES"),
    on: false,
  })
  expect((await setUpDiscord(tickets.context())).problems).toEqual([
    expect.stringMatching(/role Support does not see the commands.*Manage Messages.*Integrations/),
  ])
  const { moderators } = ids.roles
  tickets.fakes.discord.people.setRolePermission({
    role: moderators,
    bit: permissionBits("MANAGE_MESSAGES"),
    on: false,
  })
  await database.db.execute(sql`update ticket_categories set role_id = ${moderators} where id = 'billing'`)
  expect((await setUpDiscord(tickets.context())).problems).toEqual([
    expect.stringContaining("role Support does not"),
    expect.stringContaining("role Moderators does not"),
  ])
})

describe("where every opening would fail", () => {
  const category = (id: string) => {
    const found = tickets.world.store.channels.get(id)
    if (!found) throw new Error("There is no such category.")
    return found
  }

  test("because the bot may make no channels in a category, also an overflow one, that is said in words", async () => {
    const deny = (...names: Parameters<typeof permissionBits>) => [
      { id: ids.users.bot, type: 1 as const, allow: "0", deny: String(permissionBits(...names)) },
    ]
    await tickets.setSupport({ parentIds: [ids.channels.tickets] })
    category(ids.channels.tickets).permission_overwrites = deny("MANAGE_CHANNELS")
    const overflow = category(ids.channels.overflow)
    overflow.name = `${category(ids.channels.tickets).name} (2)`
    overflow.permission_overwrites = deny("VIEW_CHANNEL")
    expect((await setUpDiscord(tickets.context())).problems).toEqual([
      expect.stringMatching(/In the category Tickets the bot lacks .*no ticket opens there. Manage Channels: the ch/),
      expect.stringMatching(/In the category Tickets \(2\) the bot lacks .* View Channels/),
      expect.stringMatching(/In the category Tickets \(2\) the bot lacks .* Manage Channels/),
    ])
    await tickets.setSupport({ parentIds: [ids.channels.tickets], place: "thread" })
    tickets.fakes.discord.people.setRolePermission({
      role: ids.roles.support,
      bit: permissionBits("MANAGE_THREADS"),
      on: true,
    })
    expect((await setUpDiscord(tickets.context())).problems).toEqual([])
  })

  test("because a role or category of Discord that a category of tickets names is gone, that is said in words", async () => {
    await database.db.execute(
      sql`update ticket_categories set role_id = '1000', parent_id = ${ids.channels.welcome} where id = 'billing'`,
    )
    expect((await setUpDiscord(tickets.context())).problems).toEqual([
      expect.stringMatching(/Tickets about Billing name a role that is not in the server/),
      expect.stringMatching(/Tickets about Billing are to go to a category that is not in the server/),
    ])
    await database.db.execute(sql`update ticket_categories set enabled = false where id = 'billing'`)
    expect((await setUpDiscord(tickets.context())).problems).toEqual([])
  })
})
