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

test("staff are known by their account or their role; who has left the server stays what they were", async () => {
  const { id, ctx, discord, channel, pass, rows } = await openTicket(db)
  const [owner, former, hook] = ["300000000000000011", "300000000000000012", "300000000000000013"]
  await db.execute(sql`
    insert into staff (id, email, name, discord_user_id, role, created_at)
    values (gen_random_uuid(), 'olivia@example.com', 'Olivia', ${owner}, 'owner', now())`)
  const longAgo = new Date(ctx.now().getTime() - 86_400_000).toISOString()
  await db.execute(sql`
    insert into discord_members (user_id, is_staff, read_at) values (${former}, true, ${longAgo}), (${people.staff}, false, ${longAgo})
    on conflict (user_id) do update set is_staff = excluded.is_staff, read_at = excluded.read_at`)
  pass(1)
  for (const by of [owner, former, people.staff, people.friend]) discord.say(channel, by, { by })
  discord.say(channel, hook, { by: hook, webhook_id: hook })
  await captureTicket(ctx, { id })
  expect(
    await rows(
      sql`select content, author_kind from ticket_messages where ticket_id = ${id} order by external_id::numeric`,
    ),
  ).toEqual([
    { content: owner, author_kind: "staff" },
    { content: former, author_kind: "staff" },
    { content: people.staff, author_kind: "staff" },
    { content: people.friend, author_kind: "other" },
    { content: hook, author_kind: "bot" },
  ])
  expect(discord.asked.filter((path) => path.includes("/members/")).map((path) => path.split("/").at(-1))).toEqual(
    expect.arrayContaining([former, people.staff]),
  )
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
