import { Resend } from "resend"
import { beforeEach, describe, expect, test } from "vitest"
import { z } from "zod"
import { startFakes } from "../server.ts"
import { useFakes } from "../support/useFakes.ts"

const stand = useFakes({ resend: { requestsPerSecond: 0 } })
let resend: Resend
beforeEach(() => {
  resend = new Resend("re_fake", { baseUrl: `${stand.fakes.url}/resend` })
})

const mail = (change: object = {}) => ({
  from: "Example <hello@example.com>",
  to: "ada@example.com",
  subject: "Hello",
  html: "<p>Hello</p>",
  text: "Hello",
  ...change,
})
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${stand.fakes.url}/resend${path}`, {
    method: "POST",
    headers: { authorization: "Bearer re_fake", "user-agent": "test", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  })
const named = z.looseObject({ name: z.string().optional() })
const told = async (answer: Response) => [answer.status, named.parse(await answer.json()).name]

test("a mail is sent, found and listed", async () => {
  const sent = await resend.emails.send(
    mail({ tags: [{ name: "outbox_id", value: "o-1" }], replyTo: "help@example.com" }),
  )
  const id = sent.data?.id ?? ""
  expect(stand.fakes.resend.mails).toMatchObject([
    { id, to: ["ada@example.com"], replyTo: ["help@example.com"], tags: [{ name: "outbox_id", value: "o-1" }] },
  ])
  expect((await resend.emails.get(id)).data).toMatchObject({
    object: "email",
    subject: "Hello",
    html: "<p>Hello</p>",
    last_event: "delivered",
  })
  for (let index = 0; index < 4; index++) await resend.emails.send(mail({ subject: `Mail ${index}` }))
  const page = await resend.emails.list({ limit: 2 })
  expect(page.data).toMatchObject({ has_more: true, data: [{ subject: "Mail 3" }, { subject: "Mail 2" }] })
  const next = await resend.emails.list({ limit: 10, after: page.data?.data[1]?.id ?? "" })
  expect(next.data?.data.map(({ subject }) => subject)).toEqual(["Mail 1", "Mail 0", "Hello"])
  expect((await resend.emails.get("4ef9a417-02e9-4d39-ad75-9611e0fcc33c")).error).toMatchObject({ name: "not_found" })
})

describe("a batch", () => {
  test("of up to a hundred is taken in order", async () => {
    const batch = Array.from({ length: 100 }, (_, index) => mail({ subject: `Mail ${index}` }))
    const answer = await resend.batch.send(batch)
    expect(answer.data?.data.map(({ id }) => id)).toEqual(stand.fakes.resend.mails.map(({ id }) => id))
    expect((await resend.batch.send([...batch, mail()])).error?.name).toBe("validation_error")
    expect(stand.fakes.resend.accepted).toBe(100)
  })

  const mixed = [mail(), mail({ to: "nobody" }), mail({ subject: undefined }), mail({ subject: "Last" })]

  test("is refused as a whole when one is wrong, in strict validation", async () => {
    expect(await told(await post("/emails/batch", mixed))).toEqual([422, "validation_error"])
    expect(stand.fakes.resend.accepted).toBe(0)
  })

  test("sends what is right and tells the rest, in permissive validation", async () => {
    const answer = await post("/emails/batch", mixed, { "x-batch-validation": "permissive" })
    expect(await answer.json()).toMatchObject({
      data: [{}, {}],
      errors: [
        { index: 1, message: expect.stringContaining("`to`") },
        { index: 2, message: "Missing `subject` field." },
      ],
    })
    expect(stand.fakes.resend.mails.map(({ subject }) => subject)).toEqual(["Hello", "Last"])
  })

  test("takes no attachments", async () => {
    const attached = mail({ attachments: [{ filename: "a.txt", content: "YQ==" }] })
    expect(await told(await post("/emails/batch", [attached]))).toEqual([422, "validation_error"])
  })
})

describe("an idempotency key", () => {
  test("answers the same request the same and sends nothing twice", async () => {
    const send = () => resend.emails.send(mail(), { idempotencyKey: "key-1" })
    const [first, second] = [await send(), await send()]
    expect(second.data).toEqual(first.data)
    expect(stand.fakes.resend).toMatchObject({ accepted: 1, replayed: 1 })
    expect(stand.fakes.resend.mails[0]?.idempotencyKey).toBe("key-1")
  })

  test("with another body is a conflict", async () => {
    await resend.emails.send(mail(), { idempotencyKey: "key-1" })
    const other = await resend.emails.send(mail({ subject: "Other" }), { idempotencyKey: "key-1" })
    expect(other.error).toMatchObject({ statusCode: 409, name: "invalid_idempotent_request" })
    expect(stand.fakes.resend.accepted).toBe(1)
  })

  test("of a request under way is a conflict, and covers a batch as a whole", async () => {
    stand.fakes.faults.set("resend", { latency: { count: 1, milliseconds: 400 } })
    const send = () => resend.batch.send([mail(), mail()], { idempotencyKey: "key-2" })
    const answers = await Promise.all([send(), send()])
    expect(answers.map(({ error }) => error?.name).filter(Boolean)).toEqual(["concurrent_idempotent_requests"])
    expect((await send()).error).toBeNull()
    expect(stand.fakes.resend.accepted).toBe(2)
  })

  test("of a request that was refused may be used again", async () => {
    expect((await post("/emails", mail({ to: "nobody" }), { "idempotency-key": "key-3" })).status).toBe(422)
    expect((await post("/emails", mail(), { "idempotency-key": "key-3" })).status).toBe(200)
  })

  test("holds 1 to 256 characters", async () => {
    const answer = await post("/emails", mail(), { "idempotency-key": "k".repeat(257) })
    expect(await told(answer)).toEqual([400, "invalid_idempotency_key"])
    expect((await post("/emails", mail(), { "idempotency-key": "k".repeat(256) })).status).toBe(200)
  })

  test("is forgotten after a day", async () => {
    const clock = { now: new Date("2026-11-20T12:00:00Z") }
    const own = await startFakes({ now: () => clock.now, resend: { requestsPerSecond: 0 } })
    try {
      const client = new Resend("re_fake", { baseUrl: `${own.url}/resend` })
      for (const at of ["2026-11-20T12:00:00Z", "2026-11-21T11:59:59Z", "2026-11-21T12:00:00Z"]) {
        clock.now = new Date(at)
        await client.emails.send(mail(), { idempotencyKey: "key-4" })
      }
      expect(own.resend.accepted).toBe(2)
    } finally {
      await own.close()
    }
  })
})

describe("refusals", () => {
  test.each<[string, object, string]>([
    ["an address without a domain", { to: "ada" }, "validation_error"],
    ["a sender that is no address", { from: "Example" }, "validation_error"],
    ["51 recipients", { to: Array.from({ length: 51 }, (_, index) => `a${index}@example.com`) }, "validation_error"],
    ["a tag with a space", { tags: [{ name: "a b", value: "c" }] }, "validation_error"],
    ["no body", { html: undefined, text: undefined }, "missing_required_field"],
    ["no subject", { subject: undefined }, "missing_required_field"],
  ])("%s", async (_, change, name) => {
    expect(await told(await post("/emails", mail(change)))).toEqual([422, name])
  })

  test("no key, a wrong key, no User-Agent, no JSON, another method", async () => {
    const bare = (headers: Record<string, string>) =>
      fetch(`${stand.fakes.url}/resend/emails`, { method: "POST", headers, body: JSON.stringify(mail()) })
    expect(await told(await bare({ "user-agent": "test" }))).toEqual([401, "missing_api_key"])
    expect(await told(await bare({ "user-agent": "test", authorization: "Bearer re_other" }))).toEqual([
      403,
      "invalid_api_key",
    ])
    expect(await told(await bare({ "user-agent": "", authorization: "Bearer re_fake" }))).toEqual([
      403,
      "validation_error",
    ])
    expect(await told(await post("/emails", "{"))).toEqual([400, "validation_error"])
    const headers = { authorization: "Bearer re_fake", "user-agent": "test" }
    expect((await fetch(`${stand.fakes.url}/resend/emails`, { method: "PUT", headers })).status).toBe(405)
    expect(stand.fakes.resend.accepted).toBe(0)
  })

  test("domains that the options name", async () => {
    const own = await startFakes({ resend: { refusedDomains: ["example.com"] } })
    try {
      const client = new Resend("re_fake", { baseUrl: `${own.url}/resend` })
      expect((await client.emails.send(mail())).error).toMatchObject({ statusCode: 422, name: "validation_error" })
    } finally {
      await own.close()
    }
  })
})

test("the rate limit is told in headers, and over it the answer is 429 with when to come back", async () => {
  const own = await startFakes({ resend: { requestsPerSecond: 3 } })
  try {
    const client = new Resend("re_fake", { baseUrl: `${own.url}/resend` })
    const answers = await Promise.all(Array.from({ length: 6 }, () => client.emails.send(mail())))
    const [first] = answers.filter(({ error }) => error === null)
    expect(first?.headers).toMatchObject({ "ratelimit-limit": "3", "ratelimit-reset": "1" })
    const refused = answers.filter(({ error }) => error?.name === "rate_limit_exceeded")
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]?.headers).toMatchObject({ "retry-after": "1", "ratelimit-remaining": "0" })
    expect(own.resend.accepted).toBe(6 - refused.length)
    expect(own.resend.requests.filter(({ status }) => status === 429)).toHaveLength(refused.length)
  } finally {
    await own.close()
  }
})

test("quotas count every recipient, by day and by month", async () => {
  const clock = { now: new Date("2026-11-30T12:00:00Z") }
  const own = await startFakes({
    now: () => clock.now,
    resend: { requestsPerSecond: 0, dailyQuota: 3, monthlyQuota: 4 },
  })
  try {
    const client = new Resend("re_fake", { baseUrl: `${own.url}/resend` })
    const send = async (change: object = {}) => (await client.emails.send(mail(change))).error?.name ?? "sent"
    expect(await send({ to: ["a@example.com", "b@example.com"], cc: "c@example.com" })).toBe("sent")
    expect(await send()).toBe("daily_quota_exceeded")
    clock.now = new Date("2026-11-30T23:59:59Z")
    expect(await send()).toBe("daily_quota_exceeded")
    clock.now = new Date("2026-12-01T00:00:00Z")
    expect([await send(), await send(), await send()]).toEqual(["sent", "sent", "sent"])
    clock.now = new Date("2026-12-02T00:00:00Z")
    expect([await send(), await send()]).toEqual(["sent", "monthly_quota_exceeded"])
  } finally {
    await own.close()
  }
})

test("thousands of mails are only counted when none is to be kept, and doubles are still known", async () => {
  const own = await startFakes({ resend: { requestsPerSecond: 0, keepMails: 0 } })
  try {
    const client = new Resend("re_fake", { baseUrl: `${own.url}/resend` })
    const html = "x".repeat(4000)
    const batchOf = (from: number) =>
      Array.from({ length: 100 }, (_, index) =>
        mail({ html, tags: [{ name: "outbox_id", value: `o-${from + index}` }] }),
      )
    await Promise.all(Array.from({ length: 20 }, (_, index) => client.batch.send(batchOf(index * 100))))
    await client.emails.send(mail({ tags: [{ name: "outbox_id", value: "o-7" }] }))
    expect(own.resend).toMatchObject({ accepted: 2001, mails: [], doubles: ["o-7"] })
  } finally {
    await own.close()
  }
})
