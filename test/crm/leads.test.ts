import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { useCrm } from "./useCrm.ts"

const { ask, customer, db } = useCrm()

test("a lead is kept once per normalised address and source, and completed when told again", async () => {
  const first = await ask("POST", "/v1/leads", { body: { email: " Ada@Example.com ", source: "website", name: "Ada" } })
  expect([first.status, first.body.email, first.body.kind]).toEqual([201, "ada@example.com", "lead"])
  const again = await ask("POST", "/v1/leads", { body: { email: "ada@example.com", source: "website", plan: "Pro" } })
  expect([again.status, again.body.id, again.body.name, again.body.plan]).toEqual([200, first.body.id, "Ada", "Pro"])
  const trial = await ask("POST", "/v1/trials", {
    body: { email: "ada@example.com", source: "website", trialEndsAt: "2026-12-24T00:00:00Z" },
  })
  expect([trial.status, trial.body.kind, trial.body.trialEndsAt]).toEqual([200, "trial", "2026-12-24T00:00:00.000Z"])
  const later = await ask("POST", "/v1/leads", { body: { email: "ada@example.com", source: "website" } })
  expect(later.body.kind).toBe("trial")
  expect((await ask("GET", "/v1/leads?email=ada@example.com")).body.data).toHaveLength(1)
})

test("a lead names the customer of its address", async () => {
  const { id } = await customer({ email: "Known@Example.com" })
  const { body } = await ask("POST", "/v1/leads", { body: { email: "known@example.com", source: "website" } })
  expect(body.customerId).toBe(id)
  expect((await ask("GET", `/v1/leads/${body.id}`)).body).toEqual(body)
})

test("pages hold every lead once, newest first, and a cursor of another kind is refused", async () => {
  for (let n = 0; n < 7; n++) await ask("POST", "/v1/leads", { body: { email: `p${n}@example.com`, source: "paging" } })
  const seen: string[] = []
  let cursor = ""
  for (;;) {
    const { body } = await ask("GET", `/v1/leads?source=paging&limit=3${cursor}`)
    for (const { email } of body.data) seen.push(email)
    if (body.next === null) break
    cursor = `&cursor=${body.next}`
  }
  expect(seen).toHaveLength(7)
  expect(new Set(seen).size).toBe(7)
  for (const bad of ["x", "%00", "bm9wZQ", btoa('["2026-01-01T00:00:00Z","1; drop table leads"]')]) {
    const { status, body } = await ask("GET", `/v1/leads?cursor=${bad}`)
    expect([status, body.error.code]).toEqual([400, "bad_request"])
  }
})

test("a closed trial whose end is put off is open again, and its server is not asked for any more", async () => {
  const body = { email: "late@example.com", source: "website", trialEndsAt: "2026-01-02T00:00:00Z" }
  const { body: trial } = await ask("POST", "/v1/trials", { body })
  await db.execute(sql`update leads set closed_at = now() where id = ${trial.id}`)
  await db.execute(sql`
    insert into hosting_requests (id, action, lead_id, requested_at) values (gen_random_uuid(), 'end_trial', ${trial.id}, now())`)
  expect((await ask("POST", "/v1/trials", { body })).body.closedAt).not.toBeNull()
  const longer = await ask("POST", "/v1/trials", { body: { ...body, trialEndsAt: "2099-01-01T00:00:00Z" } })
  expect([longer.status, longer.body.closedAt]).toEqual([200, null])
  expect((await db.execute(sql`select from hosting_requests where lead_id = ${trial.id}`)).rowCount).toBe(0)
})

test("what is known of a lead does not grow without end over many calls", async () => {
  const tell = (from: number, to: number) =>
    ask("POST", "/v1/leads", {
      body: {
        email: "chatty@example.com",
        source: "website",
        data: Object.fromEntries(Array.from({ length: to - from }, (_, index) => [`k${from + index}`, "v"])),
      },
    })
  expect([(await tell(0, 40)).status, (await tell(20, 50)).status]).toEqual([201, 200])
  const more = await tell(50, 51)
  expect([more.status, more.body.error.code]).toEqual([400, "bad_request"])
  expect(Object.keys((await ask("GET", "/v1/leads?email=chatty@example.com")).body.data[0].data)).toHaveLength(50)
})

test("an entry of the timeline is told once by its id; another under the same id is refused", async () => {
  const { id } = await customer()
  const tell = (body: object) =>
    ask("POST", `/v1/customers/${id}/timeline`, { body: { entryId: "e1", kind: "custom.called", ...body } })
  const first = await tell({ data: { minutes: 3 } })
  const again = await tell({ data: { minutes: 3 } })
  expect([first.status, again.body]).toEqual([201, first.body])
  const other = await tell({ data: { minutes: 4 } })
  expect([other.status, other.body.error.code]).toEqual([409, "conflict"])
  const raw = `{"entryId":"e2","kind":"custom.called","data":{"__proto__":{"x":1}}}`
  expect((await ask("POST", `/v1/customers/${id}/timeline`, { raw })).status).toBe(400)
})
