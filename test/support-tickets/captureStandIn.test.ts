import { PermissionFlagsBits } from "discord-api-types/v10"
import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { captureTicket } from "../../shared/support/capture/captureTicket.ts"
import { storeAttachments } from "../../shared/support/capture/storeAttachments.ts"
import { carryTicket } from "../../shared/support/carryTicket.ts"
import { reserveTicket } from "../../shared/support/open/reserveTicket.ts"
import { loadSupport } from "../../shared/support/supportSetup.ts"
import { readTranscript } from "../../shared/support/transcript/readTranscript.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useTickets } from "./useTickets.ts"

const tickets = useTickets(useDatabase())
const { users, roles } = tickets.ids
const people = () => tickets.fakes.discord.people

async function openTicket() {
  const ctx = tickets.context()
  const reserved = await reserveTicket(ctx, await loadSupport(ctx), tickets.wish())
  if (reserved.outcome !== "reserved") throw new Error(`The ticket is ${reserved.outcome}.`)
  await carryTicket(ctx, { id: reserved.id })
  const [row] = await tickets.rows(sql`select channel_id, staff_thread_id from tickets where id = ${reserved.id}`)
  return { ctx, id: reserved.id, channel: String(row?.channel_id), staffThread: String(row?.staff_thread_id) }
}

const saidByPeople = async (id: string) => {
  const { entries } = await readTranscript(tickets.context(), { ticketId: id, for: "staff" })
  return entries.flatMap((entry) =>
    entry.type === "message" && entry.author.kind !== "bot" && entry.origin === "discord"
      ? [
          {
            text: entry.content,
            kind: entry.author.kind,
            earlier: entry.edits.map(({ content }) => content),
            deleted: entry.deletedAt !== null,
            files: entry.files.map(({ name, status }) => `${name} ${status}`),
          },
        ]
      : [],
  )
}
const message = (text: string, kind: string, more: object = {}) => ({
  text,
  kind,
  earlier: [],
  deleted: false,
  files: [],
  ...more,
})
const log = (bytes: string) => [
  { name: "log file.txt", contentType: "text/plain", bytes: new TextEncoder().encode(bytes) },
]

test("what people say, reword, delete and attach in the server's channel is kept", async () => {
  const { ctx, id, channel, staffThread } = await openTicket()
  const question = people().say({ as: users.ada, channel, content: "Where is my log?", files: log("line 1") })
  const answer = people().say({ as: users.sam, channel, content: "Loking", replyTo: question.id })
  people().say({ as: users.sam, channel: staffThread, content: "Node 7 again" })
  const regretted = people().say({ as: users.ada, channel, content: "Fools" })
  await captureTicket(ctx, { id })
  await storeAttachments(ctx, { ticketId: id })
  people().edit({ as: users.sam, channel, message: answer.id, content: "Looking" })
  people().delete({ as: users.ada, channel, message: regretted.id })
  await captureTicket(ctx, { id })
  expect((await saidByPeople(id)).toSorted((a, b) => String(a.text).localeCompare(String(b.text)))).toEqual([
    message("Fools", "opener", { deleted: true }),
    message("Looking", "staff", { earlier: ["Loking"] }),
    message("Node 7 again", "staff"),
    message("Where is my log?", "opener", { files: ["log_file.txt stored"] }),
  ])
  expect([...tickets.files.files.values()].map((bytes) => Buffer.from(bytes).toString())).toEqual(["line 1"])
})

test("links that have expired are had anew; once the message is gone its file is too", async () => {
  const { ctx, id, channel } = await openTicket()
  people().say({ as: users.ada, channel, content: "First", files: log("line 1") })
  const second = people().say({ as: users.ada, channel, content: "Second", files: log("line 2") })
  await captureTicket(ctx, { id })
  tickets.world.cdn.expireLinks()
  people().delete({ as: users.ada, channel, message: second.id })
  await storeAttachments(ctx, { ticketId: id })
  expect((await saidByPeople(id)).map(({ files }) => files)).toEqual([["log_file.txt stored"], ["log_file.txt gone"]])
})

test("a ticket is missing nothing once what kept the bot from reading is put right", async () => {
  const { ctx, id, channel } = await openTicket()
  people().say({ as: users.ada, channel, content: "First" })
  await captureTicket(ctx, { id })
  const error = async () => (await tickets.rows(sql`select error from tickets where id = ${id}`))[0]?.error
  people().say({ as: users.ada, channel, content: "Second" })

  tickets.world.messageContent = false
  await captureTicket(ctx, { id })
  expect(await tickets.rows(sql`select from staff_notifications where key like 'tickets-unreadable:%'`)).toHaveLength(1)
  tickets.world.messageContent = true

  const own = tickets.world.store.channels.get(channel)?.permission_overwrites ?? []
  const overwrite = own.find(({ id: whose }) => whose === users.bot || whose === roles.bot)
  const before = overwrite?.allow ?? ""
  if (overwrite) overwrite.deny = String(PermissionFlagsBits.ReadMessageHistory)
  if (overwrite) overwrite.allow = String(BigInt(before) & ~PermissionFlagsBits.ReadMessageHistory)
  await captureTicket(ctx, { id })
  expect(await error()).toContain("message history")
  if (overwrite) overwrite.deny = String(PermissionFlagsBits.ViewChannel)
  if (overwrite) overwrite.allow = "0"
  await captureTicket(ctx, { id })
  expect(await error()).toContain("50001")
  if (overwrite) Object.assign(overwrite, { deny: "0", allow: before })

  await captureTicket(ctx, { id })
  expect(await error()).toBeNull()
  expect(await saidByPeople(id)).toEqual([message("First", "opener"), message("Second", "opener")])
})

test("a channel that an admin deletes by hand ends the ticket, and what was said stays", async () => {
  const { ctx, id, channel } = await openTicket()
  people().say({ as: users.ada, channel, content: "First" })
  await captureTicket(ctx, { id })
  people().deleteChannel({ channel })
  expect(await captureTicket(ctx, { id })).toEqual({ outcome: "lost" })
  await carryTicket(ctx, { id })
  expect(await tickets.rows(sql`select status from tickets where id = ${id}`)).toEqual([{ status: "closed" }])
  expect(await saidByPeople(id)).toEqual([message("First", "opener")])
})
