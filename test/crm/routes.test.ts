import Ajv from "ajv/dist/2020.js"
import addFormats from "ajv-formats"
import { sql } from "drizzle-orm"
import fc from "fast-check"
import { beforeAll, expect, test } from "vitest"
import { permissions } from "../../shared/staff/roles.ts"
import { all, requestFor } from "./operations.ts"
import { useCrm } from "./useCrm.ts"

const { ask, customer, db, key, workers } = useCrm()
type Schema = Record<string, unknown>
type Answers = Record<string, { content?: Record<string, { schema: Schema }> }>
type Document = { openapi: string; paths: Record<string, Record<string, { operationId: string; responses: Answers }>> }
let document: Document
let ajv: Ajv
let things: Awaited<ReturnType<typeof prepare>>

async function prepare() {
  const made = await customer()
  const lead = await ask("POST", "/v1/leads", { body: { email: "old@example.com", source: "website" } })
  const cancellationId = crypto.randomUUID()
  await db.execute(sql`insert into cancellations (id, request_key, customer_id, subscription_id, reason, action, status, created_at, next_attempt_at)
    values (${cancellationId}, 'test', ${made.id}, ${made.subscriptionId}, 'unused', 'cancel', 'done', now(), now())`)
  await db.execute(sql`insert into sequences (id, name, mail_class, steps, exits, enabled, updated_at)
    values ('welcome', 'Welcome', 'transactional', '[{"delay":{"after":0},"template":"welcome"}]', '[]', true, now()) on conflict do nothing`)
  const segmentId = crypto.randomUUID()
  await db.execute(sql`insert into segments (id, name, condition, created_at, updated_at, updated_by)
    values (${segmentId}, 'Everybody', '{"any":[{"field":"customer.name","op":"exists"}]}', now(), now(), 'test')`)
  return { ...made, leadId: String(lead.body.id), cancellationId, segmentId }
}

beforeAll(async () => {
  document = (await (await workers.fetch("crm", "/openapi.json")).json()) as Document
  ajv = new Ajv({ strict: false })
  addFormats.default(ajv)
  ajv.addSchema({ $id: "doc", ...document })
  things = await prepare()
})

const schemaOf = (path: string, method: string, status: number) =>
  document.paths[path]?.[method]?.responses[status]?.content?.["application/json"]?.schema

function fits(path: string, method: string, answer: { status: number; body: unknown; text: string }) {
  expect(document.paths[path]?.[method]?.responses, `${method} ${path}`).toHaveProperty(String(answer.status))
  const schema = schemaOf(path, method, answer.status)
  if (!schema) return expect(answer.text).toBe("")
  const pointer = `#/paths/${path.replaceAll("~", "~0").replaceAll("/", "~1")}/${method}/responses/${answer.status}/content/application~1json/schema`
  const validate = ajv.compile({ $ref: `doc${encodeURI(pointer)}` })
  expect([validate(answer.body), validate.errors]).toEqual([true, null])
}

test("the document is OpenAPI 3.1 with valid schemas, and every operation is described once", () => {
  expect(document.openapi).toBe("3.1.0")
  const ids = Object.values(document.paths).flatMap((each) => Object.values(each).map(({ operationId }) => operationId))
  expect(ids.toSorted()).toEqual(all.map(({ id }) => id).toSorted())
  expect(new Set(ids).size).toBe(ids.length)
  const found: Schema[] = []
  JSON.stringify(document, (name, value) => {
    if (name === "schema") found.push(value)
    return value
  })
  const plain = new Ajv({ strict: false })
  addFormats.default(plain)
  for (const schema of found) expect(plain.validateSchema(schema)).toBe(true)
})

for (const endpoint of all) {
  const name = `${endpoint.method.toUpperCase()} ${endpoint.path}`
  const method = endpoint.method.toUpperCase()

  test(`${name} succeeds as the document says`, async () => {
    if (endpoint.id === "liftSuppression")
      await ask("POST", "/v1/suppressions", { body: { email: "held@example.com" } })
    const { path, body } = requestFor(endpoint, things)
    // No subscription of these tests is at Stripe; test/crm/cancellation.test.ts has some that are.
    const expected = endpoint.id === "requestCancellation" ? ["409"] : Object.keys(endpoint.answers)
    const answer = await ask(method, path, { body })
    expect(expected, answer.text).toContain(String(answer.status))
    fits(endpoint.path, endpoint.method, answer)
  })

  test(`${name} refuses whoever has no key, and tells so as the document says`, async () => {
    const { path, body } = requestFor(endpoint, things)
    for (const none of [null, "ohq_1", `ohq_${"0".repeat(64)}`]) {
      const answer = await ask(method, path, { body, key: none })
      expect([answer.status, answer.body.error.code]).toEqual([401, "unauthenticated"])
      fits(endpoint.path, endpoint.method, answer)
    }
  })

  test(`${name} is for the scope ${endpoint.scope} only`, async () => {
    const { path, body } = requestFor(endpoint, things)
    const others = await key(permissions.filter((each) => each !== endpoint.scope))
    const refused = await ask(method, path, { body, key: others.key })
    expect([refused.status, refused.body.error.code]).toEqual([403, "forbidden"])
    fits(endpoint.path, endpoint.method, refused)
    for (const scope of permissions) {
      const only = await key([scope])
      const { status } = await ask(method, path, { body, key: only.key })
      if (scope === endpoint.scope) expect(status, scope).not.toBe(403)
      else expect(status, scope).toBe(403)
    }
  })

  if (endpoint.path.includes("{id}"))
    test(`${name} tells of what is not there`, async () => {
      const nowhere = crypto.randomUUID()
      const absent = {
        id: nowhere,
        subscriptionId: nowhere,
        enrolmentId: nowhere,
        leadId: nowhere,
        cancellationId: nowhere,
        segmentId: nowhere,
      }
      const { path, body } = requestFor(endpoint, absent)
      const answer = await ask(method, path, { body })
      // A customer without a timeline has an empty one; a segment that there is not has no customers to tell.
      const page =
        endpoint.id !== "listSegmentCustomers" &&
        Object.values(endpoint.answers).some((each) => each !== "nothing" && "page" in each)
      expect(answer.status).toBe(page ? 200 : 404)
      fits(endpoint.path, endpoint.method, answer)
      if (path.includes("/subscriptions/")) return
      const malformed = await ask(method, path.replace(nowhere, "1'--"), { body })
      expect(malformed.status).toBe(400)
    })

  if (endpoint.body)
    test(`${name} answers any body, never with an error of ours`, async () => {
      const { path } = requestFor(endpoint, things)
      for (const raw of [
        "",
        "{",
        "null",
        "[]",
        '"x"',
        "1e999",
        '{"__proto__":1}',
        `${"[".repeat(5000)}`,
        '{"email":"\\u0000@a.de"}',
      ]) {
        const answer = await ask("POST", path, { raw })
        expect([raw, answer.status]).toEqual([raw, 400])
        fits(endpoint.path, endpoint.method, answer)
      }
      const valid = requestFor(endpoint, things).body as Record<string, unknown>
      const bodies = fc.sample(
        fc.oneof(
          fc.jsonValue(),
          fc
            .tuple(fc.constantFrom(...Object.keys(valid)), fc.oneof(fc.jsonValue(), fc.string({ unit: "binary" })))
            .map(([field, value]) => ({ ...valid, [field]: value })),
        ),
        { numRuns: 40, seed: 7 },
      )
      for (const body of bodies) {
        const { status, text } = await ask("POST", path, { body: body ?? null })
        expect(status, `${JSON.stringify(body)} ${text}`).toBeLessThan(500)
      }
    })
}

test("what no operation knows is answered in the same shape", async () => {
  const cases = [
    [await ask("GET", "/v1/nowhere"), 404, "not_found"],
    [await ask("PUT", "/v1/leads", { body: {} }), 405, "method_not_allowed"],
    [
      await ask("POST", "/v1/leads", { raw: "a=b", headers: { "content-type": "text/plain" } }),
      415,
      "unsupported_media_type",
    ],
    [await ask("POST", "/v1/leads", { raw: `"${"x".repeat(100_001)}"` }), 413, "too_large"],
    [await ask("GET", "/v1/leads?limit=0"), 400, "bad_request"],
    [await ask("GET", "/v1/leads?limit=1&limit=2"), 400, "bad_request"],
    [await ask("GET", "/v1/leads?nobody=knows"), 400, "bad_request"],
  ] as const
  for (const [{ status, body, headers }, expected, code] of cases) {
    expect([status, body.error.code]).toEqual([expected, code])
    expect(body.error).toEqual({
      code,
      message: expect.any(String),
      docs: "http://crm/docs#errors",
      requestId: expect.any(String),
    })
    expect(headers.get("x-request-id")).toBe(body.error.requestId)
  }
  expect(cases[1][0].headers.get("allow")).toBe("POST, GET")
})

test("the documentation loads nothing from elsewhere", async () => {
  const page = await (await workers.fetch("crm", "/docs")).text()
  expect([...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, target]) => target)).toEqual([
    "/docs/docs.css",
    "/docs/docs.js",
    "/openapi.json",
  ])
  for (const target of ["/docs/docs.css", "/docs/docs.js"])
    expect((await workers.fetch("crm", target)).status).toBe(200)
})
