import { expect, test } from "vitest"
import { useCrm } from "./useCrm.ts"

const { ask, customer } = useCrm()

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
