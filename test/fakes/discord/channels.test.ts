import { PermissionFlagsBits } from "discord-api-types/v10"
import { describe, expect, test } from "vitest"
import { defaultIds } from "./model/defaultGuild.ts"
import { useDiscord } from "./support/useDiscord.ts"

const stand = useDiscord()
const { call } = stand
const { users, channels, roles } = defaultIds
const guild = "/guilds/100000000000000002"
const { AttachFiles, ManageChannels, ManageRoles, ReadMessageHistory, SendMessages, ViewChannel } = PermissionFlagsBits
const bits = (...all: bigint[]) => String(all.reduce((sum, bit) => sum | bit, 0n))

const privateTo = (user: string) => [
  { id: roles.everyone, type: 0, allow: "0", deny: bits(ViewChannel) },
  { id: roles.support, type: 0, allow: bits(ViewChannel, SendMessages, ReadMessageHistory), deny: "0" },
  { id: user, type: 1, allow: bits(ViewChannel, SendMessages, ReadMessageHistory, AttachFiles) },
  { id: users.bot, type: 1, allow: bits(ViewChannel, SendMessages, ReadMessageHistory, ManageChannels) },
]
const create = (input: object = {}, reason?: string) =>
  call("POST", `${guild}/channels`, { body: { name: "ticket-1", type: 0, ...input }, reason })

describe("the guild", () => {
  test("has roles, channels and members to begin with", async () => {
    expect(await call("GET", guild)).toMatchObject({
      status: 200,
      body: { name: "Example Hosting", owner_id: users.owner },
    })
    expect((await call("GET", `${guild}/roles`)).body).toMatchObject([
      { id: roles.everyone, name: "@everyone" },
      { name: "Support", colors: { primary_color: 0x2f5bd3 } },
      { name: "Moderators" },
      { name: "Ops HQ", managed: true },
    ])
    expect((await call("GET", `${guild}/channels`)).body).toMatchObject([
      { name: "welcome" },
      { name: "support", type: 0, parent_id: null },
      { name: "Tickets", type: 4 },
      { name: "Tickets overflow", type: 4 },
    ])
    expect((await call("GET", `${guild}/members/${users.sam}`)).body).toMatchObject({
      user: { id: users.sam, global_name: "Sam Example" },
      roles: [roles.support],
    })
    expect((await call("GET", `${guild}/members?limit=3&after=${users.bot}`)).body).toHaveLength(3)
    expect((await call("GET", `${guild}/members/search?query=ada`)).body).toMatchObject([{ user: { id: users.ada } }])
  })

  test("answers what it does not know with the codes of Discord", async () => {
    const unknown = "999999999999999999"
    expect(await call("GET", `/guilds/${unknown}`)).toMatchObject({ status: 404, code: 10004 })
    expect(await call("GET", `${guild}/members/${unknown}`)).toMatchObject({ status: 404, code: 10013 })
    expect(await call("GET", `/channels/${unknown}`)).toMatchObject({ status: 404, code: 10003 })
    stand.discord.people.leave({ as: users.ada })
    expect(await call("GET", `${guild}/members/${users.ada}`)).toMatchObject({ status: 404, code: 10007 })
    expect(await call("GET", "/nonsense")).toMatchObject({ status: 404, code: 0 })
  })

  test("lists no members without the intent for it", async () => {
    stand.discord.world.guildMembers = false
    expect(await call("GET", `${guild}/members?limit=3`)).toMatchObject({ status: 403, code: 50001 })
  })
})

describe("a channel", () => {
  test("is made private, with a name as Discord writes it and the reason kept", async () => {
    const made = await create(
      { name: "Ticket #7: Ada  Lövelace!", parent_id: channels.tickets, permission_overwrites: privateTo(users.ada) },
      "Ticket 7, ärgerlich",
    )
    expect(made).toMatchObject({
      status: 201,
      body: { name: "ticket-7-ada-lövelace", parent_id: channels.tickets, position: 4 },
    })
    const { world } = stand.discord
    const sees = (user: string) => (world.permissions(user, world.channel(made.id)) & ViewChannel) !== 0n
    expect([users.ada, users.sam, users.owner, users.bot].map(sees)).toEqual([true, true, true, true])
    expect([users.ben, users.cleo].map(sees)).toEqual([false, false])
    stand.discord.people.setRolePermission({ role: roles.bot, bit: PermissionFlagsBits.ViewAuditLog, on: true })
    const log = await call("GET", `${guild}/audit-logs?action_type=10`)
    expect(log.body).toMatchObject({ audit_log_entries: [{ target_id: made.id, reason: "Ticket 7, ärgerlich" }] })
  })

  test("takes its category's overwrites when it brings none", async () => {
    stand.discord.world.channel(channels.tickets).permission_overwrites = [
      { id: roles.everyone, type: 0, allow: "0", deny: bits(SendMessages) },
    ]
    expect((await create({ parent_id: channels.tickets })).body).toMatchObject({
      permission_overwrites: [{ id: roles.everyone, deny: bits(SendMessages) }],
    })
  })

  test("is changed in part, and deleted", async () => {
    const { id } = await create({ topic: "about" })
    const changed = await call("PATCH", `/channels/${id}`, { body: { name: "Closed 1", parent_id: channels.overflow } })
    expect(changed).toMatchObject({
      status: 200,
      body: { name: "closed-1", topic: "about", parent_id: channels.overflow },
    })
    expect((await call("PATCH", `/channels/${id}`, { body: { topic: null } })).body).toMatchObject({ topic: null })
    expect(await call("DELETE", `/channels/${id}`)).toMatchObject({ status: 200, id })
    expect(await call("GET", `/channels/${id}`)).toMatchObject({ status: 404, code: 10003 })
  })

  test("fits 50 times into a category and 500 times into a guild", async () => {
    const { world } = stand.discord
    const fill = (count: number, parent_id: string | null) => {
      for (let n = 0; n < count; n++) {
        const id = world.ids.next()
        world.store.channels.set(id, { ...world.channel(channels.welcome), id, parent_id })
      }
    }
    fill(49, channels.tickets)
    expect((await create({ parent_id: channels.tickets })).status).toBe(201)
    expect(await create({ parent_id: channels.tickets })).toMatchObject({
      status: 400,
      code: 50035,
      body: { errors: { parent_id: { _errors: [{ code: "CHANNEL_PARENT_MAX_CHANNELS" }] } } },
    })
    const { id } = await create({ parent_id: channels.overflow })
    expect(await call("PATCH", `/channels/${id}`, { body: { parent_id: channels.tickets } })).toMatchObject({
      code: 50035,
    })
    fill(500 - 55 - 1, null)
    expect((await create()).status).toBe(201)
    expect(await create()).toMatchObject({ status: 400, code: 30013 })
  })

  test("takes 1,000 overwrites", async () => {
    const { id } = await create()
    const channel = stand.discord.world.channel(id)
    channel.permission_overwrites = Array.from({ length: 1000 }, (_, n) => ({
      id: String(n + 1),
      type: 1 as const,
      allow: "0",
      deny: "0",
    }))
    const put = (user: string) =>
      call("PUT", `/channels/${id}/permissions/${user}`, { body: { type: 1, allow: "1024" } })
    expect(await put(users.ada)).toMatchObject({ status: 400, code: 30060 })
    channel.permission_overwrites.pop()
    expect((await put(users.ada)).status).toBe(204)
  })

  test.each([
    ["no name", { name: undefined }],
    ["a name that is too long", { name: "x".repeat(101) }],
    ["a topic that is too long", { topic: "x".repeat(1025) }],
    ["a parent that is no category", { parent_id: channels.welcome }],
    ["a parent that is nowhere", { parent_id: "999999999999999999" }],
    ["an unknown type", { type: 99 }],
    ["overwrites of another kind", { permission_overwrites: [{ id: "x" }] }],
  ])("is refused with %s", async (_, wrong) => {
    expect(await create(wrong)).toMatchObject({ status: 400, code: 50035, body: { errors: expect.any(Object) } })
  })
})

describe("permissions", () => {
  const without = (bit: bigint) => {
    for (const role of [roles.bot, roles.everyone]) stand.discord.people.setRolePermission({ role, bit, on: false })
  }

  test("are needed to make and change channels", async () => {
    const { id } = await create()
    without(ManageChannels)
    expect(await create()).toMatchObject({ status: 403, code: 50013 })
    expect(await call("PATCH", `/channels/${id}`, { body: { name: "b" } })).toMatchObject({ status: 403, code: 50013 })
    expect(await call("DELETE", `/channels/${id}`)).toMatchObject({ status: 403, code: 50013 })
  })

  test("that the bot lacks cannot be granted, nor the permission to grant", async () => {
    without(AttachFiles)
    expect(await create({ permission_overwrites: privateTo(users.ada) })).toMatchObject({ status: 403, code: 50013 })
    const manager = [{ id: users.ada, type: 1, allow: bits(ManageRoles) }]
    expect(await create({ permission_overwrites: manager })).toMatchObject({ status: 403, code: 50013 })
    without(ManageRoles)
    const permission_overwrites = [{ id: users.ada, type: 1, allow: bits(ViewChannel) }]
    const made = await create({ permission_overwrites })
    expect(made.status).toBe(201)
    const change = await call("PATCH", `/channels/${made.id}`, { body: { permission_overwrites } })
    expect(change).toMatchObject({ status: 403, code: 50013 })
  })

  test("are gone with the sight of a channel", async () => {
    const hidden = [{ id: roles.everyone, type: 0, deny: bits(ViewChannel) }]
    const { id } = await create({ permission_overwrites: hidden })
    // The bot's role sees everything in the guild, but the channel denies it to everyone.
    expect(await call("GET", `/channels/${id}`)).toMatchObject({ status: 403, code: 50001 })
    expect(await call("POST", `/channels/${id}/messages`, { body: { content: "x" } })).toMatchObject({ code: 50001 })
    // A list of all channels tells of it all the same.
    expect((await call("GET", `${guild}/channels`)).body).toHaveLength(5)
  })

  test("of one person are set and removed", async () => {
    const { id } = await create({ permission_overwrites: privateTo(users.ada) })
    const path = `/channels/${id}/permissions/${users.ben}`
    const set = await call("PUT", path, { body: { type: 1, allow: bits(ViewChannel, SendMessages), deny: "0" } })
    expect(set.status).toBe(204)
    stand.discord.people.say({ as: users.ben, channel: id, content: "Hello" })
    expect((await call("DELETE", path)).status).toBe(204)
    expect(() => stand.discord.people.say({ as: users.ben, channel: id, content: "Hello" })).toThrow("Missing Access")
    expect(await call("DELETE", path)).toMatchObject({ status: 404, code: 10009 })
    expect(await call("PUT", `/channels/${id}/permissions/1`, { body: { type: 1, allow: "1024" } })).toMatchObject({
      status: 404,
      code: 10013,
    })
  })

  test("are computed as Discord documents it: everyone, then roles together, then the member", async () => {
    const { world } = stand.discord
    const channel = world.channel(channels.welcome)
    const may = (user: string, bit: bigint) => (world.permissions(user, channel) & bit) !== 0n
    channel.permission_overwrites = [
      { id: roles.everyone, type: 0, allow: "0", deny: bits(SendMessages, AttachFiles) },
      { id: roles.support, type: 0, allow: bits(SendMessages), deny: bits(ReadMessageHistory) },
      { id: roles.moderators, type: 0, allow: bits(ReadMessageHistory), deny: bits(SendMessages) },
      { id: users.ben, type: 1, allow: bits(SendMessages), deny: "0" },
      { id: users.noor, type: 1, allow: "0", deny: bits(ReadMessageHistory) },
    ]
    expect([users.ada, users.ben, users.sam].map((user) => may(user, SendMessages))).toEqual([false, true, true])
    // Of several roles, what one allows outweighs what another denies; the member's own overwrite outweighs both.
    expect(may(users.noor, SendMessages)).toBe(true)
    expect([may(users.sam, ReadMessageHistory), may(users.noor, ReadMessageHistory)]).toEqual([false, false])
    expect(may(users.sam, AttachFiles)).toBe(false)
    expect(may(users.owner, AttachFiles)).toBe(true)
    channel.permission_overwrites = [{ id: roles.everyone, type: 0, allow: "0", deny: bits(SendMessages) }]
    // Whoever cannot write cannot attach either.
    expect(may(users.ada, AttachFiles)).toBe(false)
    stand.discord.people.setRolePermission({ role: roles.support, bit: PermissionFlagsBits.Administrator, on: true })
    expect(may(users.sam, ManageChannels)).toBe(true)
  })
})

describe("a caller", () => {
  test("without a proper User-Agent is turned away by Cloudflare", async () => {
    for (const agent of ["curl/8", "DiscordBot", "node"])
      expect(await call("GET", guild, { headers: { "user-agent": agent } })).toMatchObject({
        status: 403,
        body: expect.stringContaining("<html>"),
      })
  })

  test("without the bot's token is not let in", async () => {
    for (const authorization of ["", "Bot wrong", "Bearer fake-discord-bot-token"])
      expect(await call("GET", guild, { headers: { authorization } })).toMatchObject({
        status: 401,
        body: { message: "401: Unauthorized", code: 0 },
      })
    expect(stand.discord.log.invalidRequests).toBe(3)
  })

  test("that sends no JSON is told so", async () => {
    const headers = { "content-type": "application/json" }
    const text = await fetch(`${stand.fakes.url}/discord/api/v10${guild}/channels`, {
      method: "POST",
      body: "{nonsense",
      headers: {
        ...headers,
        authorization: "Bot fake-discord-bot-token",
        "user-agent": "DiscordBot (https://a.example, 1)",
      },
    })
    expect([text.status, await text.json()]).toMatchObject([400, { code: 50109 }])
  })

  test("that was refused 10,000 times in 10 minutes is banned until they are over", async () => {
    for (let n = 0; n < 10_000; n++) stand.discord.log.refuse()
    expect(await call("GET", guild)).toMatchObject({ status: 429, body: expect.stringContaining("1015") })
    stand.pass(600_001)
    expect((await call("GET", guild)).status).toBe(200)
  })
})
