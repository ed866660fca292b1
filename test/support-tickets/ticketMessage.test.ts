import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import { tickets } from "../../shared/db/schema/support.ts"
import type { TicketRow } from "../../shared/support/carryTicket.ts"
import { reserveTicket } from "../../shared/support/open/reserveTicket.ts"
import { ticketMessage } from "../../shared/support/place/ticketMessage.ts"
import { loadSupport } from "../../shared/support/supportSetup.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useTickets } from "./useTickets.ts"

const database = useDatabase()
const desk = useTickets(database)
let ticket: TicketRow

beforeEach(async () => {
  const ctx = desk.context()
  const reserved = await reserveTicket(ctx, await loadSupport(ctx), desk.wish())
  if (reserved.outcome !== "reserved") throw new Error(reserved.outcome)
  const [row] = await database.db.select().from(tickets).where(sql`id = ${reserved.id}`)
  if (!row) throw new Error("There is no ticket.")
  ticket = row
})

function embedOf(change: Partial<TicketRow>, answer: string | null = null) {
  const [embed] =
    ticketMessage({ ...ticket, ...change }, undefined, { pingRoleId: "", note: null, answer }).embeds ?? []
  if (!embed) throw new Error("There is no embed.")
  const { title = "", description = "", fields = [] } = embed
  const all = [title, description, ...fields.flatMap(({ name, value }) => [name, value])].join("")
  return { description, fields, characters: all.length }
}
const cutHere = /… \(All of it is kept with the ticket\.\)$/

test("what somebody wrote stands there whole where Discord takes it", () => {
  const description = "word ".repeat(800).trim()
  expect(embedOf({ description }).description).toBe(description)
})

test("what is longer is cut between two letters, and says where the rest is", () => {
  const { description } = embedOf({ description: "*".repeat(4000) })
  expect(description.length).toBeLessThanOrEqual(4096)
  expect(description.length).toBeGreaterThan(4000)
  expect(description).toMatch(cutHere)
  expect(description.replace(cutHere, "")).toMatch(/^(\\\*)+$/)
  const flags = embedOf({ description: "🏴".repeat(2400) }).description
  expect(flags.replace(cutHere, "")).toMatch(/^(🏴)+$/u)
})

test("the longest of everything fits, with most room for what somebody wrote", () => {
  const answers = Array.from({ length: 4 }, () => ({ question: "_".repeat(45), answer: "*".repeat(4000) }))
  const { description, fields, characters } = embedOf({ description: "*".repeat(4000), answers }, "#".repeat(2000))
  expect(characters).toBeLessThanOrEqual(6000)
  expect(characters).toBeGreaterThan(5800)
  expect(description.length).toBeGreaterThan(2000)
  expect(fields).toHaveLength(5)
  for (const { value } of fields.slice(0, 4)) {
    expect(value.length).toBeLessThanOrEqual(1024)
    expect(value).toMatch(cutHere)
  }
})
