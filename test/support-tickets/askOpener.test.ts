import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import type { Actor } from "../../shared/context.ts"
import { setUpDiscord } from "../../shared/support/setup/setUpDiscord.ts"
import { retryReply } from "../../shared/support/ticketDetail/retryReply.ts"
import { newTranscriptLink } from "../../shared/support/transcript/newTranscriptLink.ts"
import { askOpener } from "../../shared/support/work/askOpener.ts"
import { insertTicket } from "../support/ticketRows.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useCommands } from "./commands/useCommands.ts"
import { usePortal } from "./usePortal.ts"

const database = useDatabase()
const desk = useCommands(database)
const portal = usePortal(database)
const { users } = desk.ids
const bea: Actor = { kind: "staff", id: crypto.randomUUID(), email: "bea@example.com", name: "Bea", role: "support" }
const staff = () => ({
  ...desk.context(),
  actor: bea,
  config: { ...desk.context().config, portalUrl: "https://portal.test", linkSecret: portal.secret },
})
const form = () => crypto.randomUUID()

test("staff ask from the ticket's page, and the opener is asked in Discord by the same message as by the command", async () => {
  await setUpDiscord(desk.context())
  const ticket = await desk.open()
  const messageId = form()
  await askOpener(staff(), { id: ticket.id, messageId })
  await askOpener(staff(), { id: ticket.id, messageId })
  await desk.workOff()
  const asked = desk.said(ticket.place).filter(({ content }) => content.includes("is this solved?"))
  expect(asked).toHaveLength(1)
  const [question] = asked
  await desk.people().press({
    ...{ as: users.ada, channel: ticket.place, message: question?.id ?? "" },
    customId: `ticket.solved:${ticket.id}`,
  })
  await desk.settled()
  expect(await desk.row(ticket.id)).toMatchObject({ status: "closed", close_reason: "Solved, says who opened it" })
  expect(await desk.record(ticket.id)).toMatchObject({
    events: ["close_asked", "closed"],
    audit: ["ticket.close_asked", "ticket.closed"],
  })
  await expect(askOpener(staff(), { id: ticket.id, messageId: form() })).rejects.toMatchObject({ code: "conflict" })
})

test("a question that could not be delivered is seen as failed, and sent again", async () => {
  await setUpDiscord(desk.context())
  const ticket = await desk.open()
  await desk.db.execute(sql`update tickets set channel_id = '1' where id = ${ticket.id}`)
  const messageId = form()
  await askOpener(staff(), { id: ticket.id, messageId })
  await desk.workOff()
  expect(await desk.rows(sql`select delivery from ticket_messages where id = ${messageId}`)).toEqual([
    { delivery: "failed" },
  ])
  await desk.db.execute(sql`update tickets set channel_id = ${ticket.place} where id = ${ticket.id}`)
  await retryReply(staff(), { ticketId: ticket.id, messageId })
  await desk.workOff()
  expect(desk.said(ticket.place).at(-1)?.content).toContain("is this solved?")
})

const mailTicket = () => insertTicket(desk.db, { source: "email", openerId: null, openerEmail: "ada@example.org" })
async function linkIn(ticketId: string): Promise<string> {
  const [message] = await desk.rows(
    sql`select content, delivery from ticket_messages where ticket_id = ${ticketId} and asks_closing order by sent_at desc`,
  )
  expect(message?.delivery).toBe("queued")
  return /https:\/\/portal\.test(\S+)/.exec(String(message?.content))?.[1] ?? ""
}
const post = (path: string, answer: string) =>
  fetch(`${portal.url()}${path}`, { method: "POST", redirect: "manual", body: new URLSearchParams({ solved: answer }) })
const text = async (path: string) => (await portal.get(path)).text()

test("by mail the opener is asked with a link, which closes nothing until they press on its page", async () => {
  const { id, number } = await mailTicket()
  await askOpener(staff(), { id, messageId: form() })
  const path = await linkIn(id)
  for (let scans = 0; scans < 3; scans++) expect(await text(path)).toContain(`Is ticket #${number} solved?`)
  expect(await desk.row(id)).toMatchObject({ status: "open" })
  expect((await post(path, "perhaps")).status).toBe(400)

  expect((await post(path, "no")).status).toBe(303)
  expect(await desk.row(id)).toMatchObject({ status: "open", close_asked_at: null, last_from: "opener" })
  expect(await text(path)).toContain("stays open")
  expect((await post(path, "yes")).status).toBe(409)

  await askOpener(staff(), { id, messageId: form() })
  expect((await post(path, "yes")).status).toBe(303)
  expect(await desk.row(id)).toMatchObject({ status: "closing", closed_by_label: "ada" })
  expect(await text(path)).toContain("is closed")
  expect((await post(path, "yes")).status).toBe(409)
  expect((await desk.record(id)).events).toEqual(["close_asked", "close_declined", "close_asked", "closed"])
  expect((await post(`${path.replace("/solved", "x/solved")}`, "yes")).status).toBe(404)
})

test("staff make a new link to the transcript, which is written down nowhere but that they did", async () => {
  const { id } = await mailTicket()
  const link = await newTranscriptLink(staff(), { id })
  expect((await portal.get(new URL(link).pathname)).status).toBe(200)
  expect(await desk.rows(sql`select action, actor, after from audit_log where subject_id = ${id}`)).toEqual([
    { action: "ticket.transcriptLinked", actor: `staff:${bea.id}`, after: null },
  ])
  await expect(newTranscriptLink(staff(), { id: crypto.randomUUID() })).rejects.toMatchObject({ code: "not_found" })
  const viewer: Actor = { ...bea, role: "viewer" }
  await expect(newTranscriptLink({ ...staff(), actor: viewer }, { id })).rejects.toMatchObject({ code: "forbidden" })
})
