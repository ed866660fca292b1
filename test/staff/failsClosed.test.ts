import { sql } from "drizzle-orm"
import { describe, expect, test } from "vitest"
import { bootstrapOwner } from "../../shared/staff/bootstrapOwner.ts"
import { isLocal, localStaff } from "../../shared/staff/localStaff.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useWorkers } from "../support/useWorkers.ts"

const database = useDatabase()
const ctx = testContext({ db: database.db, vendors: {} })

describe.each([
  ["nothing said of how to sign in", { SIGN_IN: "" }],
  ["a way that there is not", { SIGN_IN: "open" }],
  ["Access without a team", { SIGN_IN: "access", ACCESS_TEAM_DOMAIN: "", ACCESS_AUDIENCE: "x" }],
  [
    "Access without an audience",
    { SIGN_IN: "access", ACCESS_TEAM_DOMAIN: "https://t.cloudflareaccess.com", ACCESS_AUDIENCE: "" },
  ],
  ["one click on a deployed stage", { SIGN_IN: "local", STAGE: "production" }],
])("with %s", (_what, vars) => {
  const workers = useWorkers(database, ["admin"], { vars })
  test("nobody gets in", async () => {
    expect((await workers.fetch("admin", "/", { redirect: "manual" })).status).toBeGreaterThanOrEqual(400)
    const answer = await workers.fetch("admin", "/sign-in/local", {
      method: "POST",
      headers: { origin: "http://admin", "content-type": "application/x-www-form-urlencoded" },
      body: "role=owner",
      redirect: "manual",
    })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.headers.get("set-cookie")).toBeNull()
  })
})

test.each([
  [{ STAGE: "production", DATABASE_HTTP_ENDPOINT: "http://127.0.0.1:1/sql" }],
  [{ STAGE: "local", DATABASE_HTTP_ENDPOINT: "" }],
  [{ STAGE: "local", DATABASE_HTTP_ENDPOINT: "https://api.example.neon.tech/sql" }],
  [{ STAGE: "local", DATABASE_HTTP_ENDPOINT: "http://127.0.0.1.example.com/sql" }],
])("%j is no laptop", async (env) => {
  expect(isLocal(env)).toBe(false)
  await expect(localStaff(ctx, env, "owner")).rejects.toMatchObject({ code: "forbidden" })
})

test("the first owner is made once, also by two at a time", async () => {
  const both = await Promise.allSettled([
    bootstrapOwner(ctx, { email: "One@Example.com", name: "One" }),
    bootstrapOwner(ctx, { email: "two@example.com", name: "Two" }),
  ])
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
  await expect(bootstrapOwner(ctx, { email: "three@example.com", name: "Three" })).rejects.toMatchObject({
    code: "conflict",
  })
  await expect(bootstrapOwner(ctx, { email: "nobody", name: "X" })).rejects.toMatchObject({ code: "bad_request" })
  const owners = await database.db.execute(sql`select count(*)::int as count from staff where role = 'owner'`)
  expect(owners.rows).toEqual([{ count: 1 }])
})
