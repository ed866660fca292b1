import { expect, test } from "vitest"
import { useDatabase } from "../../support/useDatabase.ts"
import { useCommands } from "./useCommands.ts"

const desk = useCommands(useDatabase())
const { users, channels } = desk.ids

test("staff claim a ticket: the buttons say by whom", async () => {
  const ticket = await desk.open()
  expect(await desk.run(users.sam, ticket.place, "ticket claim")).toBe(`You have claimed ticket #${ticket.number}.`)
  expect(await desk.row(ticket.id)).toMatchObject({ claimed_by: `discord:${users.sam}` })
  expect(JSON.stringify(desk.said(ticket.place)[0]?.components)).toContain("Claimed by Sam Example: let go")
  expect(await desk.record(ticket.id)).toEqual({ events: ["claimed"], audit: ["ticket.claimed"], timeline: [] })
})
