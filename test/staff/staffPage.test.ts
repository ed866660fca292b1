import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database)

async function idOf(email: string): Promise<string> {
  const { rows } = await db.execute<{ id: string }>(sql`select id from staff where email = ${email}`)
  return rows[0]?.id ?? ""
}

const owners = async () =>
  (await db.execute(sql`select email from staff where role = 'owner' and disabled_at is null order by email`)).rows

test("an owner adds somebody once; the address is kept in lower case and the log tells of it", async () => {
  const owner = await admin.as("owner")
  const form = { email: "New@Example.com", name: "<b>New</b>", role: "support" }
  expect((await owner.post("/staff", form)).status).toBe(303)
  expect((await owner.post("/staff", form)).status).toBe(409)
  expect((await owner.post("/staff", { ...form, email: "nobody" })).status).toBe(400)
  expect((await owner.post("/staff", { ...form, email: "x@example.com", role: "god" })).status).toBe(400)
  const html = await (await owner.get("/staff")).text()
  expect(html).toContain("new@example.com")
  expect(html).not.toContain("<b>New")
  const { rows } = await db.execute(sql`select after from audit_log where action = 'staff.invited'`)
  expect(rows).toEqual([{ after: { email: "new@example.com", name: "<b>New</b>", role: "support" } }])
})

test("the last owner can be neither demoted nor disabled", async () => {
  const owner = await admin.as("owner")
  const id = await idOf("owner@local.test")
  expect((await owner.post(`/staff/${id}`, { role: "viewer" })).status).toBe(409)
  expect((await owner.post(`/staff/${id}`, { role: "owner", disabled: "yes" })).status).toBe(409)
  expect(await owners()).toEqual([{ email: "owner@local.test" }])
  expect((await owner.get("/staff")).status).toBe(200)
  const { rows } = await db.execute(sql`select from audit_log where action = 'staff.changed'`)
  expect(rows).toEqual([])
})

test("two owners who demote each other at once leave one", async () => {
  const owner = await admin.as("owner")
  await owner.post("/staff", { email: "second@example.com", name: "Second", role: "owner" })
  const ids = [await idOf("owner@local.test"), await idOf("second@example.com")]
  const answers = await Promise.all(ids.map((id) => owner.post(`/staff/${id}`, { role: "viewer" })))
  // Who has been demoted is signed out, so the other answer may be a way to sign in.
  expect(answers.filter(({ headers }) => headers.get("location") === "/staff")).toHaveLength(1)
  expect(await owners()).toHaveLength(1)
  await db.execute(sql`update staff set role = 'owner' where email = 'owner@local.test'`)
})

test("who is disabled, or has another role, is signed out at once", async () => {
  const owner = await admin.as("owner")
  const support = await admin.as("support")
  const id = await idOf("support@local.test")
  expect((await support.get("/customers")).status).toBe(200)
  expect((await owner.post(`/staff/${id}`, { role: "support", disabled: "yes" })).status).toBe(303)
  expect((await support.get("/customers")).status).toBe(303)
  expect((await owner.post(`/staff/${id}`, { role: "support" })).status).toBe(303)
  expect((await support.get("/customers")).status).toBe(303)
  const { rows } = await db.execute(
    sql`select before, after from audit_log where action = 'staff.changed' and subject_id = ${id} order by at`,
  )
  expect(rows[0]).toEqual({
    before: { role: "support", disabled: false },
    after: { role: "support", disabled: true },
  })
})

test("sessions are listed and ended by an owner; others end their own only", async () => {
  const owner = await admin.as("owner")
  const ops = await admin.as("ops")
  const finance = await admin.as("finance")
  expect(await (await ops.get("/staff")).text()).toContain("Open sessions")
  expect((await ops.post(`/staff/${await idOf("finance@local.test")}/sign-out`)).status).toBe(403)
  expect((await finance.get("/customers")).status).toBe(200)
  expect((await owner.post(`/staff/${await idOf("finance@local.test")}/sign-out`)).status).toBe(303)
  expect((await finance.get("/customers")).status).toBe(303)
  expect((await ops.post(`/staff/${await idOf("ops@local.test")}/sign-out`)).status).toBe(303)
  expect((await ops.get("/customers")).status).toBe(303)
})

test("nobody of that id is answered as such", async () => {
  const owner = await admin.as("owner")
  expect((await owner.post(`/staff/${crypto.randomUUID()}`, { role: "viewer" })).status).toBe(404)
})

test("the page is accessible", async () => {
  const { page, problems } = await admin.browser("owner")
  await page.goto("/staff")
  await expectAccessible(page)
  expect(problems).toEqual([])
})
