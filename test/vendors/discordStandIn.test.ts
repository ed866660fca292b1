import { beforeEach, expect, test } from "vitest"
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
import { DiscordRateLimit } from "../../shared/vendors/discord/discordError.ts"
import { createDiscordRest, type DiscordRest } from "../../shared/vendors/discord/discordRest.ts"
import { getGuild, getMember, listGuildChannels, listRoles } from "../../shared/vendors/discord/guild.ts"
import { createMessage, deleteMessage, editMessage, listMessages } from "../../shared/vendors/discord/messages.ts"
import { missingPermissions } from "../../shared/vendors/discord/missingPermissions.ts"
import { type PermissionName, permissionBits, permissions } from "../../shared/vendors/discord/permissions.ts"
import { addThreadMember, createPrivateThread, removeThreadMember } from "../../shared/vendors/discord/threads.ts"
import { discordIdentity } from "../fakes/discord/identity.ts"
import { defaultIds } from "../fakes/discord/model/defaultGuild.ts"
import { useFakes } from "../fakes/support/useFakes.ts"

const stand = useFakes()
const { users, channels, roles } = defaultIds
const { guildId, botId } = discordIdentity
let rest: DiscordRest

beforeEach(() => {
  stand.fakes.discord.limits.enabled = false
  rest = createDiscordRest({
    token: discordIdentity.botToken,
    applicationId: discordIdentity.applicationId,
    apiBase: `${stand.fakes.url}/discord/api/v10`,
    release: "test",
  })
})

const statuses = () => stand.fakes.discord.log.requests.map(({ status }) => status)
const see: PermissionName[] = ["VIEW_CHANNEL", "SEND_MESSAGES", "READ_MESSAGE_HISTORY", "ATTACH_FILES"]
const overwrite = (id: string, type: 0 | 1, names: PermissionName[]) => ({
  id,
  type,
  allow: String(permissionBits(...names)),
})
const openTicket = () =>
  createChannel(rest, {
    guildId,
    channel: {
      name: "ticket-1",
      type: 0,
      parent_id: channels.tickets,
      permission_overwrites: [
        { id: guildId, type: 0, deny: String(permissionBits("VIEW_CHANNEL")) },
        overwrite(roles.support, 0, see),
        overwrite(users.ada, 1, see),
        overwrite(botId, 1, [...see, "MANAGE_CHANNELS"]),
      ],
    },
    reason: "Ticket 1",
  })

test("a ticket's channel is opened, talked in, handed on and taken away", async () => {
  const { id: channelId } = await openTicket()
  expect(await getChannel(rest, { channelId })).toMatchObject({ id: channelId, name: "ticket-1" })
  expect((await listGuildChannels(rest, { guildId })).map(({ id }) => id)).toContain(channelId)

  const opening = { channelId, nonce: "ticket-1", message: { content: "Hello" } }
  const posted = await createMessage(rest, { ...opening, files: [{ name: "a.txt", data: new Blob(["text"]) }] })
  expect((await createMessage(rest, opening)).id).toBe(posted.id)
  stand.fakes.discord.people.say({ as: users.ada, channel: channelId, content: "It does not start." })
  const said = (await listMessages(rest, { channelId })) ?? []
  expect(said.map(({ content }) => content)).toEqual(["It does not start.", "Hello"])
  expect(said[1]?.attachments).toMatchObject([{ filename: "a.txt", size: 4 }])
  expect(await listMessages(rest, { channelId, after: posted.id })).toHaveLength(1)

  await editMessage(rest, { channelId, messageId: posted.id, message: { content: "Hello, Ada" } })
  await setOverwrite(rest, { channelId, id: users.ben, type: 1, allow: permissionBits(...see), deny: 0n })
  await removeOverwrite(rest, { channelId, id: users.ben })
  await removeOverwrite(rest, { channelId, id: users.ben })
  await modifyChannel(rest, { channelId, change: { name: "closed-1", parent_id: channels.overflow } })
  expect(await deleteMessage(rest, { channelId, messageId: posted.id })).toBe(true)
  expect(await deleteMessage(rest, { channelId, messageId: posted.id })).toBe(false)

  expect(await deleteChannel(rest, { channelId, reason: "Closed" })).toBe(true)
  expect(await deleteChannel(rest, { channelId })).toBe(false)
  expect(await getChannel(rest, { channelId })).toBeNull()
  expect(await listMessages(rest, { channelId })).toBeNull()
})

test("a private thread is opened, and its members come and go", async () => {
  const { id: threadId } = await createPrivateThread(rest, {
    channelId: channels.support,
    name: "Ticket 1",
    archiveAfterMinutes: 10080,
  })
  await addThreadMember(rest, { threadId, userId: users.ada })
  await createMessage(rest, { channelId: threadId, nonce: "n", message: { content: "Hello" } })
  await removeThreadMember(rest, { threadId, userId: users.ada })
  await modifyChannel(rest, { channelId: threadId, change: { archived: true, locked: true } })
  expect(await getChannel(rest, { channelId: threadId })).toMatchObject({ thread_metadata: { archived: true } })
})

test("who has left is null, and who takes no direct messages is refused with Discord's code", async () => {
  const { discord } = stand.fakes
  const { id: channelId } = await openDm(rest, { userId: users.ada })
  await createMessage(rest, { channelId, nonce: "n", message: { content: "Your ticket" } })
  discord.people.blockDms({ as: users.ada, blocked: true })
  const again = createMessage(rest, { channelId, nonce: "m", message: { content: "Your ticket" } })
  await expect(again).rejects.toMatchObject({ code: "vendor_rejected", discordCode: 50007 })
  expect(await getMember(rest, { guildId, userId: users.ada })).toMatchObject({ user: { id: users.ada } })
  discord.people.leave({ as: users.ada })
  expect(await getMember(rest, { guildId, userId: users.ada })).toBeNull()
})

test("commands are put, and the application tells whether it reads what is written", async () => {
  const commands = [{ type: 1 as const, name: "ticket", description: "Tickets" }]
  expect(await putCommands(rest, { guildId, commands })).toMatchObject([{ name: "ticket" }])
  expect(await getApplication(rest)).toMatchObject({ id: discordIdentity.applicationId })
})

/** What the bot may do in a channel, by what Discord tells of it. */
async function missing(channelId: string, needed: PermissionName[]) {
  const [guild, all, member, channel] = await Promise.all([
    getGuild(rest, { guildId }),
    listRoles(rest, { guildId }),
    getMember(rest, { guildId, userId: botId }),
    getChannel(rest, { channelId }),
  ])
  if (!guild || !member || !channel) throw new Error("The server is not there.")
  const overwrites = "permission_overwrites" in channel ? (channel.permission_overwrites ?? []) : []
  return missingPermissions({ guild, roles: all, member, userId: botId, overwrites, now: new Date() }, needed)
}

test("what is said to be missing is what Discord refuses for", async () => {
  const { people } = stand.fakes.discord
  const bit = (name: PermissionName) => 1n << BigInt(permissions[name][0])
  const needed: PermissionName[] = ["VIEW_CHANNEL", "SEND_MESSAGES", "ATTACH_FILES", "MANAGE_CHANNELS"]
  const post = () => createMessage(rest, { channelId: channels.support, nonce: "n", message: { content: "x" } })
  expect(await missing(channels.support, needed)).toEqual([])
  await post()

  for (const role of [roles.bot, roles.everyone])
    people.setRolePermission({ role, bit: bit("ATTACH_FILES"), on: false })
  expect(await missing(channels.support, needed)).toEqual(["Attach Files: none of its roles grants it"])
  people.setRolePermission({ role: roles.bot, bit: bit("MANAGE_CHANNELS"), on: false })
  await expect(openTicket()).rejects.toMatchObject({ discordCode: 50013 })
  expect(await missing(channels.support, ["MANAGE_CHANNELS"])).toEqual(["Manage Channels: none of its roles grants it"])
})

test("with Discord's limits on, reading on and on is never refused", async () => {
  const { discord } = stand.fakes
  discord.limits.enabled = true
  for (let page = 0; page < 12; page++) await listMessages(rest, { channelId: channels.support })
  await Promise.allSettled(Array.from({ length: 20 }, () => listMessages(rest, { channelId: channels.welcome })))
  expect(statuses().filter((status) => status === 429)).toEqual([])
  expect(discord.log.invalidRequests).toBe(0)
})

test("a channel's third name within 10 minutes has to wait; its topic and place need not", async () => {
  const { discord } = stand.fakes
  discord.limits.enabled = true
  const { id: channelId } = await openTicket()
  const rename = (name: string) => modifyChannel(rest, { channelId, change: { name } })
  await rename("a")
  await rename("b")
  await expect(rename("c")).rejects.toThrow(DiscordRateLimit)
  await expect(rename("d")).rejects.toThrow(DiscordRateLimit)
  await modifyChannel(rest, { channelId, change: { topic: "Ticket 1" } })
  await modifyChannel(rest, { channelId, change: { parent_id: channels.overflow } })
  expect(statuses().filter((status) => status === 429)).toHaveLength(1)
})

test("50 requests at once from clients that know nothing of each other stay far from a ban", async () => {
  const { discord } = stand.fakes
  discord.limits.enabled = true
  await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) =>
      createMessage(
        createDiscordRest({
          token: discordIdentity.botToken,
          applicationId: discordIdentity.applicationId,
          apiBase: `${stand.fakes.url}/discord/api/v10`,
          release: "test",
        }),
        { channelId: channels.support, nonce: `n${index}`, message: { content: "x" } },
      ),
    ),
  )
  // Each is refused at most once, because the wait that Discord names is too long.
  expect(discord.log.invalidRequests).toBeLessThanOrEqual(50)
})
