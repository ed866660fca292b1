import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import type { FrozenMessage } from "../../shared/db/schema/email.ts"
import { createResend, type ResendApi } from "../../shared/vendors/resend.ts"
import { type ScriptedAnswer, startScriptedServer } from "../support/scriptedServer.ts"

let server: Awaited<ReturnType<typeof startScriptedServer>>
let resend: ResendApi

beforeAll(async () => {
  server = await startScriptedServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.asked.length = 0
  resend = createResend({ apiKey: "re_test", apiBase: server.url, timeoutMilliseconds: 300 })
})

const message = (change: Partial<FrozenMessage> = {}): FrozenMessage => ({
  from: '"Ops" <ops@example.com>',
  to: "ada@example.com",
  reply_to: "support@example.com",
  subject: "Hello",
  html: "<p>Hello</p>",
  text: "Hello",
  headers: { "X-Entity-Ref-ID": "1" },
  tags: [{ name: "outbox_id", value: "1" }],
  ...change,
})
const answer = (next: ScriptedAnswer | null | "silence") => {
  server.script.next = () => next
}
const error = (status: number, name: string, headers: Record<string, string> = {}): ScriptedAnswer => ({
  status,
  headers,
  body: JSON.stringify({ statusCode: status, name, message: "why" }),
})

test.each<[string, ScriptedAnswer | null | "silence", object]>([
  [
    "409 while the first request is in flight",
    error(409, "concurrent_idempotent_requests"),
    { kind: "retry", maybeAccepted: true },
  ],
  ["409 for a key that stands for another text", error(409, "invalid_idempotent_request"), { kind: "conflict" }],
  ["409 of another name", error(409, "something_new"), { kind: "retry", maybeAccepted: true }],
  [
    "429 by the rate limit",
    error(429, "rate_limit_exceeded", { "retry-after": "7" }),
    { kind: "retry", afterSeconds: 7, maybeAccepted: false },
  ],
  ["429 without a word on when", error(429, "rate_limit_exceeded"), { kind: "retry", afterSeconds: 1 }],
  ["429 by the daily quota", error(429, "daily_quota_exceeded"), { kind: "paused", afterSeconds: 3600 }],
  [
    "429 by the monthly quota",
    error(429, "monthly_quota_exceeded", { "retry-after": "600" }),
    { kind: "paused", afterSeconds: 600 },
  ],
  ["a key that is restricted", error(401, "restricted_api_key"), { kind: "paused" }],
  ["a key that is wrong", error(403, "invalid_api_key"), { kind: "paused" }],
  ["an address of the API that is wrong", { status: 404, body: "<html>" }, { kind: "paused" }],
  ["400", error(400, "validation_error"), { kind: "rejected", reason: "400 validation_error: why" }],
  ["422", error(422, "validation_error"), { kind: "rejected" }],
  ["451", error(451, "security_error"), { kind: "rejected" }],
  ["500", error(500, "internal_server_error"), { kind: "retry", maybeAccepted: true }],
  [
    "an error without a status of its own",
    { status: 500, body: '{"name":"x","message":"y"}' },
    { kind: "retry", maybeAccepted: true },
  ],
  [
    "502 with a page of the proxy",
    { status: 502, body: "<html>Bad gateway</html>" },
    { kind: "retry", maybeAccepted: true },
  ],
  ["200 that is no JSON", { status: 200, body: "OK" }, { kind: "retry", maybeAccepted: true }],
  ["200 that says nothing", { status: 200, body: "null" }, { kind: "retry", maybeAccepted: true }],
  ["200 without an id", { status: 200, body: "{}" }, { kind: "retry", maybeAccepted: true }],
  ["a connection that breaks", null, { kind: "retry", maybeAccepted: true }],
  ["no answer in time", "silence", { kind: "retry", maybeAccepted: true }],
])("%s is told apart", async (_name, next, result) => {
  answer(next)
  expect(await resend.send([message()], "key")).toMatchObject(result)
})

test("one mail goes to /emails, with its key, headers, tags and a User-Agent", async () => {
  answer({ status: 200, body: '{"id":"re_1"}' })
  expect(await resend.send([message()], "key-1")).toEqual({ kind: "accepted", items: [{ id: "re_1" }] })
  const [asked] = server.asked
  expect(asked).toMatchObject({
    path: "/emails",
    headers: { "idempotency-key": "key-1", authorization: "Bearer re_test" },
  })
  expect(asked?.headers["user-agent"]).toContain("resend")
  expect(JSON.parse(asked?.body ?? "")).toMatchObject({
    to: "ada@example.com",
    reply_to: "support@example.com",
    tags: [{ name: "outbox_id", value: "1" }],
  })
})

test("several go to /emails/batch; what Resend refused is told by its place", async () => {
  answer({
    status: 200,
    body: JSON.stringify({ data: [{ id: "a" }, { id: "c" }], errors: [{ index: 1, message: "bad address" }] }),
  })
  expect(await resend.send([message(), message(), message()], "key-2")).toEqual({
    kind: "accepted",
    items: [{ id: "a" }, { rejected: "bad address" }, { id: "c" }],
  })
  expect(server.asked[0]).toMatchObject({
    path: "/emails/batch",
    headers: { "idempotency-key": "key-2", "x-batch-validation": "permissive" },
  })
})

test("an answer that does not add up leaves in doubt what it cannot place", async () => {
  answer({ status: 200, body: JSON.stringify({ data: [{ id: "a" }], errors: [{ index: 2, message: "bad" }] }) })
  const doubt = { unknown: expect.any(String) }
  expect(await resend.send([message(), message(), message()], "key-3")).toEqual({
    kind: "accepted",
    items: [doubt, doubt, { rejected: "bad" }],
  })
})

test("the same request is the same to the letter, whatever the order of keys in what was stored", async () => {
  answer({ status: 200, body: '{"id":"re_1"}' })
  await resend.send([message()], "key-4")
  const shuffled = Object.fromEntries(Object.entries(message()).reverse())
  await resend.send([{ ...message(), ...shuffled }], "key-4")
  expect(server.asked[1]?.body).toBe(server.asked[0]?.body)
})

test("the next request waits for the window that an exhausted rate limit names", async () => {
  answer({ status: 200, headers: { "ratelimit-remaining": "0", "ratelimit-reset": "1" }, body: '{"id":"re_1"}' })
  await resend.send([message()], "key-5")
  await resend.send([message()], "key-6")
  const [first, second] = server.asked.map(({ at }) => at)
  expect(Number(second) - Number(first)).toBeGreaterThanOrEqual(990)
})

test("while the rate limit has room, nothing waits", async () => {
  answer({ status: 200, headers: { "ratelimit-remaining": "1", "ratelimit-reset": "1" }, body: '{"id":"re_1"}' })
  await resend.send([message()], "key-7")
  await resend.send([message()], "key-8")
  const [first, second] = server.asked.map(({ at }) => at)
  expect(Number(second) - Number(first)).toBeLessThan(500)
})
