import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { captureTicket } from "../../shared/support/capture/captureTicket.ts"
import { replyToTicket } from "../../shared/support/ticketDetail/replyToTicket.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { openTicket } from "./useTicket.ts"

const { db } = useDatabase()
const actor = { kind: "staff", id: crypto.randomUUID(), email: "bea@local.test", name: "Bea", role: "support" } as const

test("a quiet ticket is looked at closely again once staff reply in their pages", async () => {
  const { id, ctx, pass, clock, discord, channel, ticket, contents } = await openTicket(db)
  discord.say(channel, "Hello")
  for (let look = 0; look < 6; look++) {
    await captureTicket(ctx, { id })
    pass(30)
  }
  await captureTicket(ctx, { id })
  const minutesToNextLook = async () =>
    Math.round((new Date(String((await ticket()).capture_at)).getTime() - clock.now.getTime()) / 60_000)
  expect(await minutesToNextLook()).toBe(30)
  const messageId = crypto.randomUUID()
  const staff = { ...ctx, actor }
  await replyToTicket(staff, { messageId, ticketId: id, content: "Have you restarted it?", internal: false })
  expect(await minutesToNextLook()).toBe(2)
  // Said, and found as what it is.
  await db.execute(
    sql`update ticket_messages set delivery = 'sent', external_id = ${discord.say(channel, "", { by: discord.applicationId }).id} where id = ${messageId}`,
  )
  const waits = []
  for (let look = 0; look < 3; look++) {
    pass(await minutesToNextLook())
    await captureTicket(ctx, { id })
    waits.push(await minutesToNextLook())
  }
  expect(waits).toEqual([4, 8, 16])
  discord.say(channel, "Yes, it works")
  await captureTicket(ctx, { id })
  expect([await minutesToNextLook(), await contents()]).toEqual([
    2,
    ["Hello", "Have you restarted it?", "Yes, it works"],
  ])
})

test("a note to staff is no reason to look more closely", async () => {
  const { id, ctx, ticket } = await openTicket(db)
  const later = new Date(ctx.now().getTime() + 1_800_000).toISOString()
  await db.execute(sql`update tickets set capture_at = ${later} where id = ${id}`)
  await replyToTicket(
    { ...ctx, actor },
    { messageId: crypto.randomUUID(), ticketId: id, content: "Hm", internal: true },
  )
  expect(new Date(String((await ticket()).capture_at)).toISOString()).toBe(later)
})
