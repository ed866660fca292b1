import { sql } from "drizzle-orm"
import { beforeEach, describe, expect, test } from "vitest"
import { deleteFiles } from "../../shared/files/deleteFiles.ts"
import type { FileStore } from "../../shared/files/fileStore.ts"
import { carryTicket } from "../../shared/support/carryTicket.ts"
import { reserveTicket } from "../../shared/support/open/reserveTicket.ts"
import { deliverReply } from "../../shared/support/reply/deliverReply.ts"
import { keepReplyFiles } from "../../shared/support/reply/keepReplyFiles.ts"
import { loadSupport } from "../../shared/support/supportSetup.ts"
import { replyToTicket } from "../../shared/support/ticketDetail/replyToTicket.ts"
import { retryReply } from "../../shared/support/ticketDetail/retryReply.ts"
import { transcriptFile } from "../../shared/support/transcript/transcriptFile.ts"
import { closeTicket } from "../../shared/support/work/closeTicket.ts"
import type { DiscordRest } from "../../shared/vendors/discord/discordRest.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useTickets } from "./useTickets.ts"

const tickets = useTickets(useDatabase())
const { db, rows } = tickets
const staff = {
  kind: "staff",
  id: "00000000-0000-4000-8000-0000000000b1",
  email: "bea@local.test",
  name: "Bea",
  role: "support",
} as const
const minutes = (count: number) => new Date(Date.now() + count * 60_000)
const file = (name: string, text: string, contentType = "text/plain") => ({
  name,
  contentType,
  data: new Blob([text], { type: contentType }),
})

let ticketId = ""
let place = ""
beforeEach(async () => {
  const ctx = tickets.context()
  const reserved = await reserveTicket(ctx, await loadSupport(ctx), tickets.wish())
  if (reserved.outcome !== "reserved") throw new Error(`It was not reserved: ${reserved.outcome}.`)
  await carryTicket(ctx, reserved)
  ticketId = reserved.id
  place = String((await rows(sql`select channel_id from tickets`))[0]?.channel_id)
})

const context = (now = new Date()) => tickets.context({ actor: staff, now })
async function reply(files: ReturnType<typeof file>[], messageId: string = crypto.randomUUID(), internal = false) {
  const ctx = context()
  const kept = await keepReplyFiles(ctx, { ticketId, files })
  await replyToTicket(ctx, { messageId, ticketId, content: "See the file", internal, files: kept })
  return messageId
}
/** What the bot has said in the ticket, with what the files of it hold. */
const said = (channelId = place) =>
  tickets.world.store
    .conversation(channelId)
    .filter(({ embeds }) => embeds.some(({ description }) => description === "See the file"))
    .map(({ attachments }) =>
      attachments.map((id) => ({
        name: tickets.world.store.attachments.get(id)?.filename,
        text: new TextDecoder().decode(tickets.world.cdn.bytes(id)),
      })),
    )
const stored = () =>
  rows(sql`select name, content_type, size::int, status from ticket_attachments order by external_id`)
const delivery = async (id: string) =>
  (await rows(sql`select delivery, error, attempts from ticket_messages where id = ${id}`))[0]

test("files of a reply are kept and said in Discord, in their order, with names that do nothing", async () => {
  const id = await reply([
    file("../../etc/pass\u202Ewd\r\nX: 1.txt", "one"),
    file('"; filename="evil.exe', "two", "text/html; charset=utf-8"),
    file("log.txt", "three"),
  ])
  expect(await stored()).toEqual([
    { name: "_.._etc_passwdX_ 1.txt", content_type: "text/plain", size: 3, status: "stored" },
    { name: "_; filename=_evil.exe", content_type: "application/octet-stream", size: 3, status: "stored" },
    { name: "log.txt", content_type: "text/plain", size: 5, status: "stored" },
  ])
  expect(await deliverReply(context(), { id })).toBe("sent")
  expect(said()).toEqual([
    [
      { name: "_.._etc_passwdX__1.txt", text: "one" },
      { name: "_;_filename=_evil.exe", text: "two" },
      { name: "log.txt", text: "three" },
    ],
  ])
})

test("a form that is sent twice, or at the same time, is one reply with its files once; what came twice is deleted", async () => {
  const id = crypto.randomUUID()
  await Promise.all([1, 2, 3].map(() => reply([file("a.txt", "one")], id)))
  await reply([file("a.txt", "one")], id)
  expect(await stored()).toHaveLength(1)
  await expect(reply([file("b.txt", "one")], id)).rejects.toMatchObject({ code: "conflict" })
  expect(tickets.files.files.size).toBe(5)
  // Whoever writes a reply has an hour for it.
  expect(await deleteFiles(context(minutes(59)))).toBe(0)
  expect(await deleteFiles(context(minutes(61)))).toBe(4)
  expect(await deliverReply(context(), { id })).toBe("sent")
  expect(said()).toEqual([[{ name: "a.txt", text: "one" }]])
})

test("of a reply that is refused, or whose writer dies, no file is left behind", async () => {
  await keepReplyFiles(context(), { ticketId, files: [file("a.txt", "one")] })
  await closeTicket(context(), { id: ticketId, reason: "Solved" })
  await expect(reply([file("b.txt", "two")])).rejects.toMatchObject({ code: "conflict" })
  const ctx = context()
  const files: FileStore = {
    put: () => Promise.reject(new Error("R2 is down")),
    get: (key) => tickets.files.get(key),
    delete: (key) => tickets.files.delete(key),
  }
  const down = { ...ctx, vendors: { ...ctx.vendors, files } }
  await expect(keepReplyFiles(down, { ticketId, files: [file("c.txt", "3")] })).rejects.toMatchObject({
    code: "vendor_unavailable",
  })
  expect(tickets.files.files.size).toBe(2)
  await deleteFiles(context(minutes(61)))
  expect(tickets.files.files.size).toBe(0)
})

test("a note's files go to the staff's own thread, where the opener does not see them", async () => {
  const id = await reply([file("a.txt", "one")], crypto.randomUUID(), true)
  expect(await deliverReply(context(), { id })).toBe("sent")
  expect(said()).toEqual([])
  const thread = String((await rows(sql`select staff_thread_id from tickets`))[0]?.staff_thread_id)
  expect(said(thread)).toEqual([[{ name: "a.txt", text: "one" }]])
  const [kept] = await rows(sql`select id from ticket_attachments`)
  await expect(transcriptFile(context(), { ticketId, fileId: String(kept?.id) })).rejects.toMatchObject({
    code: "not_found",
  })
})

describe("what fails", () => {
  test("is tried again with its files, and said once", async () => {
    const id = await reply([file("a.txt", "one")])
    tickets.fakes.faults.discord.set({ unavailable: { count: 3 } })
    expect(await deliverReply(context(), { id })).toBe("failed")
    expect(await deliverReply(context(minutes(1)), { id })).toBe("sent")
    expect(said()).toEqual([[{ name: "a.txt", text: "one" }]])
  })

  test("after Discord has taken it is not said twice", async () => {
    const id = await reply([file("a.txt", "one")])
    tickets.fakes.faults.discord.set({ errorAfterAcceptance: { count: 1, on: "POST" } })
    expect(await deliverReply(context(), { id })).toBe("sent")
    expect(said()).toEqual([[{ name: "a.txt", text: "one" }]])
  })

  test("at a death after Discord has it goes out once, also when the nonce is forgotten by then", async () => {
    const id = await reply([file("a.txt", "one")])
    const ctx = context()
    const { discord } = ctx.vendors
    const mortal: DiscordRest = {
      ...discord,
      request: async (call) => {
        await discord.request(call)
        throw new Error("died")
      },
    }
    await deliverReply({ ...ctx, vendors: { ...ctx.vendors, discord: mortal } }, { id })
    expect(said()).toHaveLength(1)
    for (const message of tickets.world.store.conversation(place)) delete message.nonce
    for (const minute of [6, 12]) await deliverReply(context(minutes(minute)), { id })
    expect(said()).toEqual([[{ name: "a.txt", text: "one" }]])
    expect(await delivery(id)).toMatchObject({ delivery: "sent" })
    expect(await stored()).toHaveLength(1)
  })

  test("for good is told, and goes out with its files when staff send it again", async () => {
    const id = await reply([file("a.txt", "one")])
    await db.execute(sql`update tickets set channel_id = '1'`)
    expect(await deliverReply(context(), { id })).toBe("failed")
    await db.execute(sql`update tickets set channel_id = ${place}`)
    expect(await delivery(id)).toMatchObject({ delivery: "failed", error: expect.stringContaining("Unknown Channel") })
    await retryReply(context(), { ticketId, messageId: id })
    expect(await deliverReply(context(), { id })).toBe("sent")
    expect(said()).toEqual([[{ name: "a.txt", text: "one" }]])
  })

  test("because a file is not in the store any more says so, and is not tried without end", async () => {
    const id = await reply([file("a.txt", "one")])
    tickets.files.files.clear()
    expect(await deliverReply(context(), { id })).toBe("failed")
    expect(await delivery(id)).toMatchObject({
      delivery: "failed",
      error: '"a.txt" is not in the store of files any more.',
    })
    expect(said()).toEqual([])
  })
})

test("who may not write in tickets keeps no file", async () => {
  const ctx = tickets.context({ actor: { ...staff, role: "viewer" as const } })
  await expect(keepReplyFiles(ctx, { ticketId, files: [file("a.txt", "one")] })).rejects.toMatchObject({
    code: "forbidden",
  })
  expect(tickets.files.files.size).toBe(0)
})

test.each([
  ["too many", Array.from({ length: 11 }, (_, index) => file(`${index}.txt`, "x")), "up to 10 files, and these are 11"],
  ["empty", [file("a.txt", "")], '"a.txt" is empty'],
  ["too large", [file("a.txt", "x".repeat(10_000_001))], '"a.txt" is larger than 10 MB'],
  ["too large together", ["a", "b", "c"].map((name) => file(name, "x".repeat(9_000_000))), "more than 24 MB together"],
])("files that are %s are refused in words, and none is kept", async (_, files, words) => {
  await expect(keepReplyFiles(context(), { ticketId, files })).rejects.toThrow(words)
  expect(tickets.files.files.size).toBe(0)
})
