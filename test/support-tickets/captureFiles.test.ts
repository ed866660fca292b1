import { sql } from "drizzle-orm"
import { afterAll, beforeEach, expect, test } from "vitest"
import { mostBytes } from "../../shared/files/fileStore.ts"
import { captureTicket } from "../../shared/support/capture/captureTicket.ts"
import { selectDueFiles } from "../../shared/support/capture/selectDueFiles.ts"
import { storeAttachments } from "../../shared/support/capture/storeAttachments.ts"
import { type DiscordReply, startDiscordApi } from "../support/discordApi.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { openTicket } from "./useTicket.ts"

const { db } = useDatabase()
/** Discord's CDN. */
const cdn = await startDiscordApi()
afterAll(() => cdn.close())
beforeEach(() => cdn.reset())

const file = (id: string, filename: string, path = id, size = 5) => ({
  id,
  filename,
  size,
  url: `${cdn.url}/${path}`,
  proxy_url: "",
  content_type: "text/plain",
})
type Opened = Awaited<ReturnType<typeof openTicket>>
const states = ({ id, rows }: Opened) =>
  rows(
    sql`select name, status, size::int, attempts from ticket_attachments where ticket_id = ${id} order by external_id`,
  )
const bytesOf = ({ files }: Opened) => [...files.files.values()].map((bytes) => Buffer.from(bytes).toString())

test("attachments are copied once, under names that are safe", async () => {
  const opened = await openTicket(db)
  const { id, ctx, discord, channel, tickets, pass } = opened
  cdn.script.answer = () => ({ text: "hello" })
  pass(1)
  discord.say(channel, "", { attachments: [file("1", "../../etc/pass\u202Etxt.exe"), file("2", "log.txt")] })
  await captureTicket(ctx, { id })
  expect(tickets.take()).toEqual([`files:${id}`])
  expect(await selectDueFiles(ctx, 10)).toEqual([id])
  expect(await storeAttachments(ctx, { ticketId: id })).toEqual({ stored: 2 })
  expect(await storeAttachments(ctx, { ticketId: id })).toEqual({ stored: 0 })
  expect(await states(opened)).toEqual([
    { name: "_.._etc_passtxt.exe", status: "stored", size: 5, attempts: 1 },
    { name: "log.txt", status: "stored", size: 5, attempts: 1 },
  ])
  expect(bytesOf(opened)).toEqual(["hello", "hello"])
  expect(await selectDueFiles(ctx, 10)).toEqual([])
})

test("a link that has expired is had anew from its message", async () => {
  const opened = await openTicket(db)
  const { id, ctx, discord, channel, pass } = opened
  pass(1)
  const message = discord.say(channel, "", { attachments: [file("1", "a.txt", "old")] })
  await captureTicket(ctx, { id })
  message.attachments[0] = file("1", "a.txt", "new")
  cdn.script.answer = ({ path }) => (path === "/new" ? { text: "hello" } : { status: 404, text: "gone" })
  await storeAttachments(ctx, { ticketId: id })
  expect(await states(opened)).toMatchObject([{ status: "stored" }])
})

test("a file that was deleted is gone, one that is too large stays in Discord, and neither is asked for again", async () => {
  const opened = await openTicket(db)
  const { id, ctx, discord, channel, pass } = opened
  pass(1)
  discord.remove(discord.say(channel, "was here before the look"))
  const deleted = discord.say(channel, "", { attachments: [file("1", "a.txt")] })
  discord.say(channel, "", { attachments: [file("2", "b.txt", "2", mostBytes + 1), file("3", "c.txt", "liar")] })
  discord.say(channel, "", { attachments: [file("4", "d.txt", "endless")] })
  await captureTicket(ctx, { id })
  discord.remove(deleted)
  const text = "x".repeat(mostBytes + 1)
  cdn.script.answer = ({ path }): DiscordReply => {
    if (path === "/liar") return { headers: { "content-length": String(text.length) }, text }
    return path === "/endless" ? { headers: { "transfer-encoding": "chunked" }, text } : { status: 410 }
  }
  await storeAttachments(ctx, { ticketId: id })
  pass(3000)
  await storeAttachments(ctx, { ticketId: id })
  expect((await states(opened)).map(({ status }) => status)).toEqual(["gone", "too_large", "too_large", "too_large"])
  expect(bytesOf(opened)).toEqual([])
  expect(cdn.asked).toHaveLength(3)
})

test("while Discord is down a file is tried again, longer and longer, until staff see that it failed", async () => {
  const opened = await openTicket(db)
  const { id, ctx, discord, channel, pass, rows } = opened
  pass(1)
  discord.say(channel, "", { attachments: [file("1", "a.txt")] })
  await captureTicket(ctx, { id })
  cdn.script.answer = () => ({ status: 503 })
  await storeAttachments(ctx, { ticketId: id })
  await storeAttachments(ctx, { ticketId: id })
  expect(await states(opened)).toMatchObject([{ status: "waiting", attempts: 1 }])
  for (let attempt = 2; attempt <= 8; attempt++) {
    pass(1441)
    await storeAttachments(ctx, { ticketId: id })
  }
  expect(await states(opened)).toMatchObject([{ status: "failed", attempts: 8 }])
  expect(await rows(sql`select error from ticket_attachments where ticket_id = ${id}`)).toEqual([
    { error: "Discord answered the file with status 503." },
  ])
})

test("who dies between copying and writing it down copies again to the same place", async () => {
  const opened = await openTicket(db)
  const { id, ctx, discord, channel, pass } = opened
  cdn.script.answer = () => ({ text: "hello" })
  pass(1)
  discord.say(channel, "", { attachments: [file("1", "a.txt")] })
  await captureTicket(ctx, { id })
  await storeAttachments(
    {
      ...ctx,
      vendors: {
        ...ctx.vendors,
        files: new Proxy(opened.files, {
          get: (files, name) =>
            name === "put"
              ? async (...input: Parameters<typeof files.put>) => {
                  await files.put(...input)
                  throw new Error("died")
                }
              : Reflect.get(files, name),
        }),
      },
    },
    { ticketId: id },
  )
  pass(6)
  await storeAttachments(ctx, { ticketId: id })
  expect(await states(opened)).toMatchObject([{ status: "stored", attempts: 2 }])
  expect(bytesOf(opened)).toEqual(["hello"])
})
