import { sql } from "drizzle-orm"
import { beforeAll, expect, test } from "vitest"
import { openSession, sessionStaff } from "../../shared/staff/sessions.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const staffId = crypto.randomUUID()
const begin = Date.parse("2026-11-21T08:00:00Z")
const after = (minutes: number) => testContext({ db, now: new Date(begin + minutes * 60_000), vendors: {} })
const open = () => openSession(after(0), { staffId, replaces: null, userAgent: null })

beforeAll(async () => {
  await db.execute(sql`
    insert into staff (id, email, name, role, created_at) values (${staffId}, 'bea@example.com', 'Bea Lind', 'support', now())`)
})

test("a session lasts as long as somebody is at it, and twelve hours at most", async () => {
  const token = await open()
  for (let minutes = 29; minutes < 12 * 60; minutes += 29)
    expect(await sessionStaff(after(minutes), { token, attended: true })).toMatchObject({ id: staffId })
  expect(await sessionStaff(after(12 * 60), { token, attended: true })).toBeNull()
})

test("a page that asks for news all the time keeps no session alive", async () => {
  const token = await open()
  for (let minutes = 0; minutes < 30; minutes++)
    expect(await sessionStaff(after(minutes), { token, attended: false })).toMatchObject({ id: staffId })
  expect(await sessionStaff(after(30), { token, attended: false })).toBeNull()
  expect(await sessionStaff(after(30), { token, attended: true })).toBeNull()
})
