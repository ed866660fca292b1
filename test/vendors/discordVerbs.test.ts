import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest"
import { getApplication, putCommands } from "../../shared/vendors/discord/application.ts"
import {
  createChannel,
  deleteChannel,
  getChannel,
  modifyChannel,
  openDm,
  removeOverwrite,
  setOverwrite,
} from "../../shared/vendors/discord/channels.ts"
import { customId, readCustomId } from "../../shared/vendors/discord/customId.ts"
import { createDiscordRest, type DiscordRest } from "../../shared/vendors/discord/discordRest.ts"
import { getGuild, getMember, listGuildChannels, listRoles } from "../../shared/vendors/discord/guild.ts"
import {
  deleteOriginalResponse,
  editOriginalResponse,
  followUp,
} from "../../shared/vendors/discord/interactionAnswers.ts"
import { createMessage, deleteMessage, editMessage, listMessages } from "../../shared/vendors/discord/messages.ts"
import { permissionBits } from "../../shared/vendors/discord/permissions.ts"
import { addThreadMember, createPrivateThread, removeThreadMember } from "../../shared/vendors/discord/threads.ts"
import { type DiscordApi, startDiscordApi } from "../support/discordApi.ts"
import { discordSpec } from "../support/discordSpec.ts"
import { hasSharedMaterial } from "../support/sharedMaterial.ts"

let api: DiscordApi
let rest: DiscordRest
const problemsOf = hasSharedMaterial ? discordSpec() : null

beforeAll(async () => {
  api = await startDiscordApi()
})
afterAll(() => api.close())
beforeEach(() => {
  api.reset()
  rest = createDiscordRest({ token: "token", applicationId: "9", apiBase: api.url, release: "1" })
})

/** The JSON of a body, also of one with files. */
async function bodyOf(asked: DiscordApi["asked"][number]): Promise<unknown> {
  if (asked.body.length === 0) return undefined
  const type = asked.headers["content-type"] ?? ""
  if (type === "application/json") return api.json(asked)
  const form = await new Response(new Uint8Array(asked.body), { headers: { "content-type": type } }).formData()
  return JSON.parse(String(form.get("payload_json")))
}

// Whatever any of these tests asked is right by Discord's own document.
afterEach(async () => {
  if (!problemsOf) return
  expect(api.asked).not.toEqual([])
  for (const asked of api.asked) {
    const { method, path } = asked
    expect(problemsOf({ method, path, body: await bodyOf(asked) })).toEqual([])
  }
})

const reply = (json: unknown, status = 200) => {
  api.script.answer = () => ({ status, json })
}
const gone = (code: number) => reply({ code, message: "Unknown" }, 404)
const asked = () => api.asked.map(({ method, path }) => `${method} ${path}`)
const message = { id: "5", channel_id: "1" }

test("a private channel is created with who may see it, for a reason", async () => {
  reply({ id: "77" })
  const created = await createChannel(rest, {
    guildId: "2",
    channel: {
      name: "ticket-1",
      type: 0,
      topic: "Ticket 1",
      parent_id: "3",
      permission_overwrites: [
        { id: "2", type: 0, deny: String(permissionBits("VIEW_CHANNEL")) },
        { id: "8", type: 1, allow: String(permissionBits("VIEW_CHANNEL", "SEND_MESSAGES", "ATTACH_FILES")) },
      ],
    },
    reason: "Ticket 1",
  })
  expect(created.id).toBe("77")
  expect(asked()).toEqual(["POST /guilds/2/channels"])
  expect(api.json(api.asked[0])).toMatchObject({
    permission_overwrites: [
      { id: "2", deny: "1024" },
      { id: "8", allow: "35840" },
    ],
  })
  expect(api.asked[0]?.headers["x-audit-log-reason"]).toBe("Ticket%201")
})

test("a channel without an answer is not created again", async () => {
  api.script.answer = () => "hangUp"
  const created = createChannel(rest, { guildId: "2", channel: { name: "ticket-1" } })
  await expect(created).rejects.toMatchObject({ code: "vendor_unavailable", details: { maybeDone: true } })
  expect(asked()).toEqual(["POST /guilds/2/channels"])
})

test("a channel is read, changed and deleted; one that is gone is null, or deleted already", async () => {
  reply({ id: "1" })
  expect(await getChannel(rest, { channelId: "1" })).toEqual({ id: "1" })
  await modifyChannel(rest, { channelId: "1", change: { name: "closed-1", parent_id: "3" }, reason: "Closed" })
  expect(await deleteChannel(rest, { channelId: "1", reason: "Closed" })).toBe(true)
  gone(10003)
  expect(await getChannel(rest, { channelId: "1" })).toBeNull()
  expect(await deleteChannel(rest, { channelId: "1" })).toBe(false)
  await expect(modifyChannel(rest, { channelId: "1", change: { topic: "x" } })).rejects.toMatchObject({
    discordCode: 10003,
  })
  expect(asked()).toEqual([
    "GET /channels/1",
    "PATCH /channels/1",
    "DELETE /channels/1",
    "GET /channels/1",
    "DELETE /channels/1",
    "PATCH /channels/1",
  ])
})

test("a thread is archived and locked as a channel is changed", async () => {
  reply({ id: "1" })
  await modifyChannel(rest, { channelId: "1", change: { archived: true, locked: true } })
  expect(api.json(api.asked[0])).toEqual({ archived: true, locked: true })
})

test("overwrites are set and removed, also where there is none", async () => {
  reply(undefined, 204)
  await setOverwrite(rest, {
    channelId: "1",
    id: "8",
    type: 1,
    allow: permissionBits("VIEW_CHANNEL"),
    deny: 0n,
    reason: "Added",
  })
  expect(api.json(api.asked[0])).toEqual({ type: 1, allow: "1024", deny: "0" })
  gone(10009)
  await removeOverwrite(rest, { channelId: "1", id: "8" })
  expect(asked()).toEqual(["PUT /channels/1/permissions/8", "DELETE /channels/1/permissions/8"])
})

test("a private thread is created, and members come and go", async () => {
  reply({ id: "4" })
  const thread = await createPrivateThread(rest, { channelId: "1", name: "Ticket 1", archiveAfterMinutes: 10080 })
  expect(thread.id).toBe("4")
  expect(api.json(api.asked[0])).toEqual({
    name: "Ticket 1",
    type: 12,
    invitable: false,
    auto_archive_duration: 10080,
  })
  reply(undefined, 204)
  await addThreadMember(rest, { threadId: "4", userId: "8" })
  gone(10007)
  await removeThreadMember(rest, { threadId: "4", userId: "8" })
  expect(asked().slice(1)).toEqual(["PUT /channels/4/thread-members/8", "DELETE /channels/4/thread-members/8"])
})

test("a message goes out under its nonce and pings nobody, also when the first answer is lost", async () => {
  let lost = true
  api.script.answer = () => {
    if (!lost) return { json: message }
    lost = false
    return "hangUp"
  }
  const posted = await createMessage(rest, {
    channelId: "1",
    nonce: "ticket-1-opening",
    message: { content: "@everyone <@8>" },
    files: [{ name: "log.txt", data: new Blob(["text"]) }],
  })
  expect(posted.id).toBe("5")
  expect(asked()).toEqual(["POST /channels/1/messages", "POST /channels/1/messages"])
  for (const each of api.asked)
    expect(await bodyOf(each)).toEqual({
      content: "@everyone <@8>",
      allowed_mentions: { parse: [] },
      nonce: "ticket-1-opening",
      enforce_nonce: true,
      attachments: [{ id: "0", filename: "log.txt" }],
    })
})

test("whom a message pings is said by it", async () => {
  reply(message)
  await createMessage(rest, {
    channelId: "1",
    nonce: "n",
    message: { content: "<@&6>", allowed_mentions: { roles: ["6"] } },
  })
  expect(api.json(api.asked[0])).toMatchObject({ allowed_mentions: { roles: ["6"] } })
})

test("a nonce that Discord would not take is refused here", async () => {
  reply(message)
  const posted = (nonce: string) => createMessage(rest, { channelId: "1", nonce, message: { content: "x" } })
  await expect(posted("x".repeat(26))).rejects.toThrow("is no nonce")
  await expect(posted("")).rejects.toThrow("is no nonce")
  await posted("x".repeat(25))
})

test("a message is changed and deleted; one that is gone is deleted already", async () => {
  reply(message)
  await editMessage(rest, { channelId: "1", messageId: "5", message: { content: "new", components: [] } })
  reply(undefined, 204)
  expect(await deleteMessage(rest, { channelId: "1", messageId: "5", reason: "Spam" })).toBe(true)
  gone(10008)
  expect(await deleteMessage(rest, { channelId: "1", messageId: "5" })).toBe(false)
  expect(asked().slice(0, 2)).toEqual(["PATCH /channels/1/messages/5", "DELETE /channels/1/messages/5"])
})

test("messages are listed as Discord gives them, newest first, and from a channel that is gone there are none", async () => {
  reply([message, { id: "4", channel_id: "1" }])
  const messages = await listMessages(rest, { channelId: "1" })
  expect(messages?.map(({ id }) => id)).toEqual(["5", "4"])
  await listMessages(rest, { channelId: "1", before: "5", limit: 50 })
  await listMessages(rest, { channelId: "1", after: "4" })
  gone(10003)
  expect(await listMessages(rest, { channelId: "1" })).toBeNull()
  expect(asked()).toEqual([
    "GET /channels/1/messages?limit=100",
    "GET /channels/1/messages?limit=50&before=5",
    "GET /channels/1/messages?limit=100&after=4",
    "GET /channels/1/messages?limit=100",
  ])
})

test.each([
  ["an object where there should be a list", {}],
  ["a message without an id", [{ channel_id: "1" }]],
  ["null", null],
  ["no JSON", undefined],
])("%s is no answer", async (_name, json) => {
  reply(json)
  await expect(listMessages(rest, { channelId: "1" })).rejects.toMatchObject({ code: "vendor_unavailable" })
})

test("server, channels, roles and members are read; who has left is null", async () => {
  reply({ id: "2", owner_id: "8" })
  expect((await getGuild(rest, { guildId: "2" }))?.owner_id).toBe("8")
  reply([{ id: "2", permissions: "1024" }])
  expect(await listRoles(rest, { guildId: "2" })).toEqual([{ id: "2", permissions: "1024" }])
  expect(await listGuildChannels(rest, { guildId: "2" })).toHaveLength(1)
  reply({ roles: ["6"] })
  expect((await getMember(rest, { guildId: "2", userId: "8" }))?.roles).toEqual(["6"])
  gone(10007)
  expect(await getMember(rest, { guildId: "2", userId: "8" })).toBeNull()
  gone(10004)
  expect(await getGuild(rest, { guildId: "2" })).toBeNull()
  expect(asked().slice(0, 4)).toEqual([
    "GET /guilds/2",
    "GET /guilds/2/roles",
    "GET /guilds/2/channels",
    "GET /guilds/2/members/8",
  ])
})

test("direct messages are opened, and asked for again when the answer is lost", async () => {
  let lost = true
  api.script.answer = () => {
    if (!lost) return { json: { id: "6" } }
    lost = false
    return { status: 502 }
  }
  expect((await openDm(rest, { userId: "8" })).id).toBe("6")
  expect(asked()).toEqual(["POST /users/@me/channels", "POST /users/@me/channels"])
  expect(api.json(api.asked[0])).toEqual({ recipient_id: "8" })
})

test("the application is read, and its commands in the server are set", async () => {
  reply({ id: "9", flags: 1 << 18 })
  expect((await getApplication(rest)).flags).toBe(262144)
  reply([{ id: "10", name: "ticket" }])
  const commands = await putCommands(rest, {
    guildId: "2",
    commands: [
      { type: 1, name: "ticket", description: "Tickets", default_member_permissions: "0" },
      { type: 2, name: "Look up customer" },
    ],
  })
  expect(commands).toEqual([{ id: "10", name: "ticket" }])
  expect(asked()).toEqual(["GET /applications/@me", "PUT /applications/9/guilds/2/commands"])
})

test("whoever acted is told by the token of their interaction, later again, and the first answer can go", async () => {
  reply(message)
  await editOriginalResponse(rest, { token: "tok", message: { content: "Done" } })
  await followUp(rest, { token: "tok", message: { content: "And more", flags: 64 } })
  reply(undefined, 204)
  await deleteOriginalResponse(rest, { token: "tok" })
  expect(asked()).toEqual([
    "PATCH /webhooks/9/tok/messages/@original",
    "POST /webhooks/9/tok",
    "DELETE /webhooks/9/tok/messages/@original",
  ])
  expect(api.json(api.asked[1])).toEqual({ content: "And more", flags: 64, allowed_mentions: { parse: [] } })
})

test("a custom id holds its handler's name and what it is about, and is what Discord takes", async () => {
  expect(customId("ticket.close", "42", "now")).toBe("ticket.close:42:now")
  expect(readCustomId("ticket.close:42:now")).toEqual({ name: "ticket.close", args: ["42", "now"] })
  expect(readCustomId("")).toEqual({ name: "", args: [] })
  expect(() => customId("a", "x".repeat(99))).toThrow("100")
  expect(() => customId("a", "b:c")).toThrow("colon")
  expect(() => customId("")).toThrow("no custom id")
  reply(message)
  await createMessage(rest, {
    channelId: "1",
    nonce: "n",
    message: {
      components: [
        { type: 1, components: [{ type: 2, style: 1, label: "Close", custom_id: customId("a", "x".repeat(98)) }] },
      ],
    },
  })
})
