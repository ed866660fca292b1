import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import { carryTicket } from "../../shared/support/carryTicket.ts"
import { createTranscriptSigner } from "../../shared/support/transcript/transcriptToken.ts"
import { closeTicket } from "../../shared/support/work/closeTicket.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useTickets } from "./useTickets.ts"

const database = useDatabase()
const { db } = database
const tickets = useTickets(database)
const id = "11111111-1111-4111-8111-111111111111"

beforeEach(async () => {
  await db.execute(sql`
    insert into tickets (id, source, status, category_id, subject, description, opener_name, opener_email, opened_at, last_message_at, first_response_at)
    values (${id}, 'email', 'open', 'other', 'Help', 'Help', 'Ada', 'ada@example.org', now(), now(), now())`)
})

const close = async () => {
  await closeTicket(tickets.context(), { id, reason: "Solved: <b>restart</b>" })
  await carryTicket(tickets.context(), { id })
}
const state = async () => {
  const found = await db.execute<{ status: string; content: string | null; delivery: string | null }>(sql`
    select t.status, m.content, m.delivery from tickets t left join ticket_messages m on m.ticket_id = t.id`)
  return found.rows
}

test("whoever opened a ticket by mail is told once that it is closed, why, and how it opens again", async () => {
  await close()
  await carryTicket(tickets.context(), { id })
  expect(await state()).toMatchObject([{ status: "closed", delivery: "queued" }])
  const [{ content } = { content: null }] = await state()
  expect(content).toContain("is closed: Solved: <b>restart</b>")
  expect(content).toContain("https://portal.test/transcripts/")
  expect(content).toContain("within 14 days")
  const links = [
    ...String(content).matchAll(
      /^(\d) of 5, [a-z -]+: https:\/\/portal\.test\/transcripts\/(\S+)\/rating\?stars=(\d)$/gm,
    ),
  ]
  expect(links.map(([, said, , stars]) => [said, stars])).toEqual(["5", "4", "3", "2", "1"].map((each) => [each, each]))
  const signer = await createTranscriptSigner("not-a-secret")
  for (const [, , token = ""] of links) expect(await signer.verify(token, new Date())).toEqual({ ticketId: id })
})

test("whom nobody answered, and who is blocked, hear nothing", async () => {
  await db.execute(sql`update tickets set first_response_at = null`)
  await close()
  expect(await state()).toEqual([{ status: "closed", content: null, delivery: null }])
  await db.execute(sql`update tickets set status = 'open', closed_at = null, first_response_at = now()`)
  await db.execute(
    sql`insert into support_blocks (subject, reason, blocked_at, blocked_by) values ('ada@example.org', 'abuse', now(), 'staff:1')`,
  )
  await close()
  expect(await state()).toEqual([{ status: "closed", content: null, delivery: null }])
})
