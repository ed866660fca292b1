import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { captureTicket } from "../../shared/support/capture/captureTicket.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { people } from "./scriptedDiscord.ts"
import { openTicket } from "./useTicket.ts"

const { db } = useDatabase()

test("what opener, staff, bot and others say is kept with who they are, once", async () => {
  const { id, ctx, discord, channel, staffThread, pass, said, ticket } = await openTicket(db)
  pass(1)
  discord.say(channel, "Welcome", { by: people.bot })
  discord.say(channel, "Help")
  pass(1)
  discord.say(channel, "I am with them", { by: people.friend })
  discord.say(staffThread, "Looks like the node", { by: people.staff })
  discord.say(channel, "On it", { by: people.staff })
  for (let look = 0; look < 3; look++) await captureTicket(ctx, { id })
  expect(await said()).toEqual(
    [
      { content: "Welcome", author_kind: "bot", internal: false },
      { content: "Help", author_kind: "opener", internal: false },
      { content: "I am with them", author_kind: "other", internal: false },
      { content: "Looks like the node", author_kind: "staff", internal: true },
      { content: "On it", author_kind: "staff", internal: false },
    ].map((message) => ({ ...message, deleted: false, edited: false })),
  )
  expect(discord.asked.filter((path) => path.includes("/members/"))).toHaveLength(2)
  const { first_response_at, first_response_by, last_message_at, last_from } = await ticket()
  expect({ first_response_by, last_from }).toEqual({ first_response_by: `discord:${people.staff}`, last_from: "staff" })
  expect(new Date(String(first_response_at))).toEqual(ctx.now())
  expect(new Date(String(last_message_at))).toEqual(ctx.now())
})

test("an earlier wording is kept with until when it held, and a message that is gone is marked", async () => {
  const { id, ctx, discord, channel, pass, said, rows } = await openTicket(db)
  pass(1)
  const typo = discord.say(channel, "My sevrer is down")
  const regretted = discord.say(channel, "You are all fools")
  discord.say(channel, "Please help")
  await captureTicket(ctx, { id })
  pass(2)
  discord.edit(typo, "My server is down")
  discord.remove(regretted)
  await captureTicket(ctx, { id })
  await captureTicket(ctx, { id })
  expect(await said()).toMatchObject([
    { content: "My server is down", edited: true, deleted: false },
    { content: "You are all fools", edited: false, deleted: true },
    { content: "Please help", edited: false, deleted: false },
  ])
  const edits = await rows(sql`
    select e.content, e.until from ticket_message_edits e join ticket_messages m on m.id = e.message_id where m.ticket_id = ${id}`)
  expect(edits.map(({ content, until }) => ({ content, until: new Date(String(until)) }))).toEqual([
    { content: "My sevrer is down", until: ctx.now() },
  ])
})
