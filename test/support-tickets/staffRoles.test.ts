import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { captureTicket } from "../../shared/support/capture/captureTicket.ts"
import { carryTicket } from "../../shared/support/carryTicket.ts"
import { loadMember } from "../../shared/support/loadMember.ts"
import { reserveTicket } from "../../shared/support/open/reserveTicket.ts"
import { loadSupport } from "../../shared/support/supportSetup.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useTickets } from "./useTickets.ts"

const tickets = useTickets(useDatabase())
const { db, rows } = tickets
const { users, roles } = tickets.ids

test("whoever has the role of a category is staff: what they say is an answer, and they may do what staff do", async () => {
  const { people } = tickets.fakes.discord
  await db.execute(sql`update ticket_categories set role_id = ${roles.moderators} where id = 'technical'`)
  await db.execute(sql`delete from discord_members`)
  people.setRole({ as: users.cleo, role: roles.moderators, has: true })
  const ctx = tickets.context()
  const reserved = await reserveTicket(ctx, await loadSupport(ctx), tickets.wish())
  const id = "id" in reserved ? reserved.id : ""
  await carryTicket(ctx, { id })
  const channel = String((await rows(sql`select channel_id from tickets`))[0]?.channel_id)
  people.say({ as: users.cleo, channel, content: "Have you restarted it?" })
  await captureTicket(ctx, { id })
  expect(await rows(sql`select last_from, first_response_by from tickets`)).toEqual([
    { last_from: "staff", first_response_by: `discord:${users.cleo}` },
  ])
  const member = (all: string[]) => loadMember(ctx, { userId: users.cleo, name: "Cleo", roles: all })
  expect(await member([roles.moderators])).toMatchObject({ isStaff: true })
  expect(await member([roles.support])).toMatchObject({ isStaff: true })
  expect(await member([roles.bot])).toMatchObject({ isStaff: false })
  await db.execute(sql`update ticket_categories set role_id = ''`)
  expect(await member([roles.moderators])).toMatchObject({ isStaff: false })
  await tickets.setSupport({ staffRoleId: "" })
  expect(await member([""])).toMatchObject({ isStaff: false })
})
