import { PermissionFlagsBits } from "discord-api-types/v10"
import { expect, test } from "vitest"
import { defaultIds } from "./model/defaultGuild.ts"
import { useDiscord } from "./support/useDiscord.ts"

const stand = useDiscord()
const { call } = stand
const { users, channels, roles } = defaultIds
const { ManageThreads, SendMessagesInThreads } = PermissionFlagsBits

const begin = (input: object = {}) =>
  call("POST", `/channels/${channels.support}/threads`, {
    body: { name: "Ticket 1", type: 12, invitable: false, auto_archive_duration: 1440, ...input },
  })
const say = (as: string, channel: string) => stand.discord.people.say({ as, channel, content: "Hello" })
const without = (role: string, bit: bigint) => stand.discord.people.setRolePermission({ role, bit, on: false })

test("a private thread is seen by its members and by those who manage threads", async () => {
  const thread = await begin()
  expect(thread).toMatchObject({
    status: 201,
    body: {
      type: 12,
      parent_id: channels.support,
      owner_id: users.bot,
      thread_metadata: { archived: false, invitable: false, auto_archive_duration: 1440 },
    },
  })
  expect(() => say(users.ada, thread.id)).toThrow("Missing Access")
  expect((await call("PUT", `/channels/${thread.id}/thread-members/${users.ada}`)).status).toBe(204)
  expect(say(users.ada, thread.id).content).toBe("Hello")
  expect(say(users.noor, thread.id).content).toBe("Hello")
  expect(() => say(users.sam, thread.id)).toThrow("Missing Access")
  expect((await call("GET", `/channels/${thread.id}/thread-members`)).body).toMatchObject([
    { user_id: users.bot },
    { user_id: users.ada },
  ])
  expect((await call("GET", `/channels/${thread.id}/messages`)).body).toMatchObject([{}, {}, { type: 1, mentions: [] }])
  expect((await call("DELETE", `/channels/${thread.id}/thread-members/${users.ada}`)).status).toBe(204)
  expect(() => say(users.ada, thread.id)).toThrow("Missing Access")
  expect(await call("GET", `/channels/${thread.id}/thread-members/${users.ada}`)).toMatchObject({ code: 10007 })
})

test("a thread that a person begins is theirs, and takes the right to begin one", async () => {
  const { people } = stand.discord
  const mine = people.startThread({ as: users.ada, channel: channels.welcome, name: "Mine" })
  expect((await call("GET", `/channels/${mine.id}`)).body).toMatchObject({ type: 11, owner_id: users.ada })
  expect(say(users.ada, mine.id).content).toBe("Hello")
  const secret = { as: users.ada, channel: channels.welcome, name: "Ours", private: true }
  expect(() => people.startThread(secret)).toThrow("Missing Permissions")
})

test("an archived thread takes nothing but what wakes it", async () => {
  const { id } = await begin()
  await call("PUT", `/channels/${id}/thread-members/${users.ada}`)
  const sent = await call("POST", `/channels/${id}/messages`, {
    body: {
      content: "Menu",
      components: [{ type: 1, components: [{ type: 2, style: 1, label: "A", custom_id: "a" }] }],
    },
  })
  expect((await call("PATCH", `/channels/${id}`, { body: { archived: true } })).status).toBe(200)
  expect(await call("PATCH", `/channels/${id}/messages/${sent.id}`, { body: { content: "x" } })).toMatchObject({
    code: 50083,
  })
  expect(await call("PUT", `/channels/${id}/thread-members/${users.ben}`)).toMatchObject({ code: 50083 })
  expect(await call("PATCH", `/channels/${id}`, { body: { name: "Other" } })).toMatchObject({ code: 50083 })
  const press = { as: users.ada, channel: id, message: sent.id, customId: "a" }
  await expect(stand.discord.people.press(press)).rejects.toThrow("archived")
  expect((await call("GET", `/channels/${channels.support}/threads/archived/private`)).body).toMatchObject({
    threads: [{ id }],
  })
  say(users.ada, id)
  expect((await call("GET", `/channels/${id}`)).body).toMatchObject({ thread_metadata: { archived: false } })
  expect((await call("GET", "/guilds/100000000000000002/threads/active")).body).toMatchObject({ threads: [{ id }] })
})

test("a locked one is woken by moderators alone", async () => {
  const { id } = await begin()
  await call("PUT", `/channels/${id}/thread-members/${users.ada}`)
  await call("PATCH", `/channels/${id}`, { body: { locked: true, archived: true } })
  expect(() => say(users.ada, id)).toThrow("locked")
  expect(await call("POST", `/channels/${id}/messages`, { body: { content: "x" } })).toMatchObject({ code: 50083 })
  expect((await call("PATCH", `/channels/${id}`, { body: { locked: false, archived: false } })).status).toBe(200)
  expect(say(users.ada, id).content).toBe("Hello")
})

test("in a locked one that is not archived moderators write, and everybody else reads", async () => {
  const { id } = await begin()
  await call("PUT", `/channels/${id}/thread-members/${users.ada}`)
  await call("PATCH", `/channels/${id}`, { body: { locked: true } })
  expect(() => say(users.ada, id)).toThrow("locked")
  expect(say(users.noor, id).content).toBe("Hello")
  expect((await call("POST", `/channels/${id}/messages`, { body: { content: "x" } })).status).toBe(200)
})

test("threads need their permissions, and a text channel to be in", async () => {
  const { id } = await begin()
  without(roles.bot, ManageThreads)
  expect(await call("PATCH", `/channels/${id}`, { body: { locked: true } })).toMatchObject({ status: 403, code: 50013 })
  without(roles.bot, SendMessagesInThreads)
  without(roles.everyone, SendMessagesInThreads)
  expect(await call("POST", `/channels/${id}/messages`, { body: { content: "x" } })).toMatchObject({ code: 50013 })
  without(roles.bot, PermissionFlagsBits.CreatePrivateThreads)
  expect(await begin()).toMatchObject({ status: 403, code: 50013 })
  expect(await call("POST", `/channels/${channels.tickets}/threads`, { body: { name: "x" } })).toMatchObject({
    code: 50024,
  })
  expect(await begin({ auto_archive_duration: 7 })).toMatchObject({ status: 400, code: 50035 })
})

test("threads count neither for their guild's channels nor outlive their channel", async () => {
  const { id } = await begin()
  expect((await call("GET", "/guilds/100000000000000002/channels")).body).toHaveLength(4)
  stand.discord.people.deleteChannel({ channel: channels.support })
  expect(await call("GET", `/channels/${id}`)).toMatchObject({ status: 404, code: 10003 })
})
