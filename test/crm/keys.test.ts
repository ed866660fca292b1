import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { claimIdempotencyKey } from "../../shared/apiKeys/claimIdempotencyKey.ts"
import { createApiKey } from "../../shared/apiKeys/createApiKey.ts"
import { listApiKeys } from "../../shared/apiKeys/listApiKeys.ts"
import { revokeApiKey } from "../../shared/apiKeys/revokeApiKey.ts"
import { testContext } from "../support/testContext.ts"
import { useCrm } from "./useCrm.ts"

const { ask, ctx, db, key } = useCrm()

const lead = (email: string) => ({ email, source: "keys" })
const counted = async (email: string) => (await db.execute(sql`select 1 from leads where email = ${email}`)).rows.length

test("a key is kept as a hash, is told once, and its last use is noted", async () => {
  const made = await key(["leads:read"])
  const kept = JSON.stringify((await db.execute(sql`select * from api_keys where id = ${made.id}`)).rows)
  expect(kept).not.toContain(made.key)
  expect(kept).toContain(made.prefix)
  await ask("GET", "/v1/leads", { key: made.key })
  const listed = (await listApiKeys({ ...ctx, actor: owner })).find(({ id }) => id === made.id)
  expect(listed?.lastUsedAt).toBeInstanceOf(Date)
  expect(JSON.stringify(listed)).not.toContain(made.key.slice(12))
})

const owner = { kind: "staff", id: crypto.randomUUID(), email: "o@example.com", name: "O", role: "owner" } as const

test("a revoked key and an expired key open nothing", async () => {
  const revoked = await key()
  await revokeApiKey(ctx, { id: revoked.id })
  expect((await ask("GET", "/v1/leads", { key: revoked.key })).status).toBe(401)
  const past = testContext({ db, now: new Date(Date.now() - 2 * 86_400_000), vendors: {}, actor: ctx.actor })
  const expired = await createApiKey(past, { name: "Old", scopes: ["leads:read"], days: 1 })
  expect((await ask("GET", "/v1/leads", { key: expired.key })).status).toBe(401)
})

test("only owners make keys, for at most two years and scopes that there are", async () => {
  const support = { ...ctx, actor: { ...owner, role: "support" } } as const
  await expect(createApiKey(support, { name: "x", scopes: ["leads:read"] })).rejects.toMatchObject({
    code: "forbidden",
  })
  await expect(revokeApiKey(support, { id: owner.id })).rejects.toMatchObject({ code: "forbidden" })
  const scoped = { ...ctx, actor: { kind: "apiKey", id: owner.id, name: "k", scopes: ["apiKeys:write"] } } as const
  await expect(createApiKey(scoped, { name: "x", scopes: ["staff:write"] })).rejects.toMatchObject({
    code: "forbidden",
  })
  for (const input of [
    { name: "", scopes: ["leads:read"] },
    { name: "x", scopes: [] },
    { name: "x", scopes: ["everything"] },
    { name: "x", scopes: ["leads:read"], days: 1000 },
    { name: "x", scopes: ["leads:read"], days: Number.NaN },
  ])
    await expect(createApiKey(ctx, input)).rejects.toMatchObject({ code: "bad_request" })
})

test("a denied attempt is in the audit log", async () => {
  const { key: reading, id } = await key(["leads:read"])
  await ask("POST", "/v1/leads", { key: reading, body: lead("denied@example.com") })
  const { rows } = await db.execute(sql`select outcome, subject_id from audit_log where actor = ${`apiKey:${id}`}`)
  expect(rows).toEqual([{ outcome: "denied", subject_id: "leads:write" }])
})

test("answers tell the rate limit, and beyond it when to come back", async () => {
  const { key: slow } = await key(["leads:read"], 2)
  // A minute that begins in between would begin the count anew.
  const answers = []
  for (let n = 0; n < 5; n++) answers.push(await ask("GET", "/v1/leads", { key: slow }))
  expect(answers[0]?.headers.get("ratelimit-policy")).toBe('"minute";q=2;w=60')
  expect(answers[0]?.headers.get("ratelimit")).toMatch(/^"minute";r=1;t=\d+$/)
  const refused = answers.find(({ status }) => status === 429)
  expect(refused?.body.error.code).toBe("rate_limited")
  expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0)
})

test("one key's requests do not count for another", async () => {
  const [one, other] = [await key(["leads:read"], 1), await key(["leads:read"], 1)]
  expect((await ask("GET", "/v1/leads", { key: one.key })).status).toBe(200)
  expect((await ask("GET", "/v1/leads", { key: other.key })).status).toBe(200)
})

test("the same Idempotency-Key and body has the same answer; another body is a conflict", async () => {
  const headers = { "idempotency-key": "order-1" }
  const first = await ask("POST", "/v1/leads", { body: lead("once@example.com"), headers })
  const again = await ask("POST", "/v1/leads", { body: lead("once@example.com"), headers })
  expect([first.status, again.status, again.text]).toEqual([201, 201, first.text])
  expect([first, again].map((each) => each.headers.get("idempotency-replayed"))).toEqual([null, "true"])
  const other = await ask("POST", "/v1/leads", { body: lead("other@example.com"), headers })
  expect([other.status, other.body.error.code, await counted("other@example.com")]).toEqual([409, "conflict", 0])
  const elsewhere = await ask("POST", "/v1/suppressions", { body: { email: "once@example.com" }, headers })
  expect(elsewhere.status).toBe(409)
})

test("an Idempotency-Key belongs to its API key, and is forgotten after a day", async () => {
  const headers = { "idempotency-key": "order-2" }
  const another = await key()
  await ask("POST", "/v1/leads", { body: lead("a@example.com"), headers })
  expect((await ask("POST", "/v1/leads", { body: lead("b@example.com"), headers, key: another.key })).status).toBe(201)
  await db.execute(sql`update idempotency_keys set created_at = created_at - interval '25 hours'`)
  expect((await ask("POST", "/v1/leads", { body: lead("c@example.com"), headers })).status).toBe(201)
})

test("while a request is under way its key is a conflict, and an attempt that died is taken over", async () => {
  const { id } = await key()
  const input = { apiKeyId: id, key: "busy", requestHash: "h" }
  const now = testContext({ db, vendors: {} })
  expect(await claimIdempotencyKey(now, input)).toMatchObject({ kind: "go" })
  await expect(claimIdempotencyKey(now, input)).rejects.toMatchObject({ code: "conflict" })
  now.clock.now = new Date(now.clock.now.getTime() + 61_000)
  await expect(claimIdempotencyKey(now, { ...input, requestHash: "i" })).rejects.toMatchObject({ code: "conflict" })
  expect(await claimIdempotencyKey(now, input)).toMatchObject({ kind: "go" })
})

test("of twenty at once under one Idempotency-Key one is done", async () => {
  const headers = { "idempotency-key": "race" }
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => ask("POST", "/v1/leads", { body: lead("race@example.com"), headers })),
  )
  expect(answers.filter(({ status }) => ![201, 409].includes(status))).toEqual([])
  expect(
    answers.filter(({ status, headers: told }) => status === 201 && !told.get("idempotency-replayed")),
  ).toHaveLength(1)
  expect(await counted("race@example.com")).toBe(1)
})
