import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { DiscordError, DiscordRateLimit } from "../../shared/vendors/discord/discordError.ts"
import { createDiscordLimits } from "../../shared/vendors/discord/discordLimits.ts"
import { createDiscordRest, type DiscordCall, type DiscordRest } from "../../shared/vendors/discord/discordRest.ts"
import { discordPath } from "../../shared/vendors/discord/discordRoute.ts"
import { type DiscordApi, type DiscordReply, startDiscordApi } from "../support/discordApi.ts"

let api: DiscordApi
let rest: DiscordRest
/** Stands still but for what is slept. */
let clock: { time: number; slept: number[]; now(): number; sleep(milliseconds: number): Promise<void> }

beforeAll(async () => {
  api = await startDiscordApi()
})
afterAll(() => api.close())
beforeEach(() => {
  api.reset()
  clock = {
    time: 1_800_000_000_000,
    slept: [],
    now: () => clock.time,
    async sleep(milliseconds) {
      clock.slept.push(milliseconds)
      const until = clock.time + milliseconds
      await new Promise((resolve) => setImmediate(resolve))
      clock.time = Math.max(clock.time, until)
    },
  }
  rest = client()
})

const client = (options: { refusalsAllowed?: number; wallClock?: boolean } = {}) =>
  createDiscordRest({
    token: "token-of-the-bot",
    applicationId: "100000000000000001",
    apiBase: api.url,
    release: "abc123",
    limits: createDiscordLimits(options),
    clock: options.wallClock ? undefined : clock,
    timeoutMilliseconds: 300,
  })
const slept = () => clock.slept.reduce((sum, each) => sum + each, 0)

/** Answers these one after the other, then the last one again. */
function answers(...replies: (DiscordReply | "hangUp" | "silence")[]) {
  let next = 0
  api.script.answer = () => replies[Math.min(next++, replies.length - 1)] ?? {}
}
const limits = (remaining: number, resetAfter: number, more: { bucket?: string; limit?: number } = {}) => ({
  "x-ratelimit-bucket": more.bucket ?? "bucket-a",
  "x-ratelimit-limit": String(more.limit ?? 5),
  "x-ratelimit-remaining": String(remaining),
  "x-ratelimit-reset-after": String(resetAfter),
})
const refusal = (retryAfter: number, scope: "user" | "global" | "shared" = "user"): DiscordReply => ({
  status: 429,
  headers: { "x-ratelimit-scope": scope, "retry-after": String(Math.ceil(retryAfter)) },
  json: { message: "You are being rate limited.", retry_after: retryAfter, global: scope === "global" },
})
const get: DiscordCall = { method: "GET", path: "/channels/1" }
const post: DiscordCall = { method: "POST", path: "/channels/1/messages", body: { content: "x" } }

async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (thrown) {
    return thrown
  }
  throw new Error("Nothing was thrown.")
}

test("a request says who asks, in the form that Discord demands", async () => {
  answers({ json: { id: "1" } })
  expect(await rest.request({ ...get, query: { limit: 5, after: undefined } })).toEqual({ id: "1" })
  expect(api.asked).toMatchObject([
    {
      method: "GET",
      path: "/channels/1?limit=5",
      headers: {
        authorization: "Bot token-of-the-bot",
        "user-agent": "DiscordBot (https://discord.com/developers/applications/100000000000000001, abc123)",
      },
    },
  ])
  expect(api.asked[0]?.headers).not.toHaveProperty("x-audit-log-reason")
})

test("a body is JSON, and the reason for the audit log may hold any letters", async () => {
  answers({ status: 204 })
  expect(await rest.request({ ...post, reason: "Höher, weiter\n✓" })).toBeNull()
  expect(api.asked[0]?.headers).toMatchObject({
    "content-type": "application/json",
    "x-audit-log-reason": "H%C3%B6her%2C%20weiter%0A%E2%9C%93",
  })
  expect(api.json(api.asked[0])).toEqual({ content: "x" })
})

test("files go along as parts of a form, and again whole when the request is repeated", async () => {
  answers({ status: 503 }, { json: {} })
  const bytes = new Uint8Array([0, 255, 10, 13, 0])
  await rest.request({
    ...post,
    files: [
      { name: 'a "b".bin', data: new Blob([bytes]), description: "what it is" },
      { name: "ü.txt", data: new Blob(["text"], { type: "text/plain" }) },
    ],
    repeatable: true,
  })
  expect(api.asked).toHaveLength(2)
  for (const { headers, body } of api.asked) {
    const form = await new Response(new Uint8Array(body), {
      headers: { "content-type": headers["content-type"] ?? "" },
    }).formData()
    expect(JSON.parse(String(form.get("payload_json")))).toEqual({
      content: "x",
      attachments: [
        { id: "0", filename: 'a "b".bin', description: "what it is" },
        { id: "1", filename: "ü.txt" },
      ],
    })
    const [first, second] = [form.get("files[0]"), form.get("files[1]")]
    expect(first instanceof File && new Uint8Array(await first.arrayBuffer())).toEqual(bytes)
    expect(second instanceof File && [second.name, await second.text()]).toEqual(["ü.txt", "text"])
  }
})

test.each(["../users/@me", "1/../2", "", ".", "..", "1?x=y", "1#x", "a b", "%2e%2e"])(
  "%j is no part of a path",
  (id) => {
    expect(() => discordPath`/channels/${id}`).toThrow("is no id of Discord")
  },
)

test("what Discord refuses is told with its code and words, and not asked again", async () => {
  answers({
    status: 400,
    json: {
      code: 50035,
      message: "Invalid Form Body",
      errors: { embeds: { 0: { title: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Too long." }] } } } },
    },
  })
  const thrown = await thrownBy(rest.request(get))
  expect(thrown).toBeInstanceOf(DiscordError)
  expect(thrown).toMatchObject({
    code: "vendor_rejected",
    httpStatus: 400,
    discordCode: 50035,
    message: "Discord answered GET /channels/:id with 400 50035: Invalid Form Body; embeds.0.title: Too long.",
  })
  expect(api.asked).toHaveLength(1)
})

test.each([
  [401, { message: "401: Unauthorized", code: 0 }, "misconfigured"],
  [401, { message: "Invalid Webhook Token", code: 50027 }, "vendor_rejected"],
  [403, { message: "Missing Permissions", code: 50013 }, "vendor_rejected"],
  [404, { message: "Unknown Channel", code: 10003 }, "vendor_rejected"],
])("%i %j is asked once", async (status, json, code) => {
  answers({ status, json })
  expect(await thrownBy(rest.request(get))).toMatchObject({ code, discordCode: json.code })
  expect(api.asked).toHaveLength(1)
})

test("a page of Cloudflare in front of Discord is an answer too", async () => {
  answers({ status: 403, text: "<html>Access denied</html>" })
  expect(await thrownBy(rest.request(get))).toMatchObject({ code: "vendor_rejected", discordCode: 0 })
})

test("the token of an interaction is in no message, and answering one needs no other", async () => {
  answers({ status: 404, json: { code: 10015, message: "Unknown Webhook" } })
  const thrown = await thrownBy(rest.request({ method: "PATCH", path: "/webhooks/1/secret-token/messages/@original" }))
  expect(thrown).toMatchObject({ message: expect.stringContaining("PATCH /webhooks/:id/:token/messages/@original") })
  expect(JSON.stringify(thrown) + String(thrown)).not.toContain("secret-token")
  expect(api.asked[0]?.headers).not.toHaveProperty("authorization")
})

test.each<[string, DiscordReply | "hangUp" | "silence"]>([
  ["500", { status: 500, text: "" }],
  ["502 of a proxy", { status: 502, text: "<html>" }],
  ["a connection that breaks", "hangUp"],
  ["no answer in time", "silence"],
])("%s: what may be done twice is asked again, twice at most", async (_name, reply) => {
  answers(reply, reply, { json: { id: "1" } })
  expect(await rest.request(get)).toEqual({ id: "1" })
  expect(api.asked).toHaveLength(3)
  answers(reply)
  expect(await thrownBy(rest.request(get))).toMatchObject({
    code: "vendor_unavailable",
    details: { maybeDone: true },
  })
  expect(api.asked).toHaveLength(6)
})

test.each<[string, DiscordReply | "hangUp"]>([
  ["500", { status: 500 }],
  ["a connection that breaks", "hangUp"],
])("%s: what may not be done twice is not asked again", async (_name, reply) => {
  answers(reply)
  expect(await thrownBy(rest.request(post))).toMatchObject({ code: "vendor_unavailable", details: { maybeDone: true } })
  expect(api.asked).toHaveLength(1)
})

test("an empty bucket is waited for when that is short", async () => {
  answers({ headers: limits(0, 1.5), json: {} })
  await rest.request(get)
  expect(slept()).toBe(0)
  await rest.request(get)
  expect(slept()).toBe(1500)
})

test("an empty bucket that takes longer is an error that says when, without asking", async () => {
  answers({ headers: limits(0, 30), json: {} })
  await rest.request(get)
  const thrown = await thrownBy(rest.request(get))
  expect(thrown).toBeInstanceOf(DiscordRateLimit)
  expect(thrown).toMatchObject({ code: "rate_limited", retryAt: new Date(clock.time + 30_000) })
  expect(api.asked).toHaveLength(1)
})

test("each channel has a bucket of its own, and routes that Discord puts together share theirs", async () => {
  answers({ headers: limits(0, 30), json: {} })
  await rest.request(get)
  await rest.request({ method: "GET", path: "/channels/2" })
  await rest.request({ method: "PUT", path: "/channels/1/thread-members/5" })
  expect(api.asked).toHaveLength(3)
  // Now it is known that both routes are of one bucket.
  await expect(rest.request({ method: "PUT", path: "/channels/1/thread-members/6" })).rejects.toThrow(DiscordRateLimit)
  await expect(rest.request(get)).rejects.toThrow(DiscordRateLimit)
  expect(api.asked).toHaveLength(3)
})

test("of many at once no more are asked than the bucket holds", async () => {
  rest = client({ wallClock: true })
  let left = 5
  let overrun = 0
  api.script.answer = () => {
    if (left === 0) overrun++
    left = Math.max(0, left - 1)
    return { headers: limits(left, 60), json: {} }
  }
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => rest.request(get)))
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(5)
  expect([api.asked.length, overrun]).toEqual([5, 0])
})

test("429 that is short is waited for, and asked once more", async () => {
  answers(refusal(0.8), { json: { id: "1" } })
  expect(await rest.request(post)).toEqual({ id: "1" })
  expect(slept()).toBe(800)
  answers(refusal(0.8))
  expect(await thrownBy(rest.request(post))).toBeInstanceOf(DiscordRateLimit)
  expect(api.asked).toHaveLength(4)
})

test("429 that is long is an error that says when, and until then nothing is asked of that route", async () => {
  answers(refusal(600.5))
  const thrown = await thrownBy(rest.request(get))
  expect(thrown).toMatchObject({ code: "rate_limited", retryAt: new Date(clock.time + 600_500) })
  await expect(rest.request(get)).rejects.toThrow(DiscordRateLimit)
  expect(api.asked).toHaveLength(1)
  answers({ json: {} })
  await rest.request({ method: "GET", path: "/channels/2" })
  clock.time += 600_500
  await rest.request(get)
  expect(api.asked).toHaveLength(3)
})

test("the limit of a channel's name does not keep its other settings from changing", async () => {
  answers(refusal(500), { json: {} })
  const rename: DiscordCall = { method: "PATCH", path: "/channels/1", limitedAs: "name" }
  await expect(rest.request(rename)).rejects.toThrow(DiscordRateLimit)
  await rest.request({ method: "PATCH", path: "/channels/1" })
  await expect(rest.request(rename)).rejects.toThrow(DiscordRateLimit)
  expect(api.asked).toHaveLength(2)
})

test("the global limit keeps everything back but answers to interactions", async () => {
  answers(refusal(30, "global"), { json: {} })
  await expect(rest.request(get)).rejects.toThrow(DiscordRateLimit)
  await expect(rest.request({ method: "GET", path: "/guilds/2" })).rejects.toThrow(DiscordRateLimit)
  await rest.request({ method: "POST", path: "/webhooks/1/token" })
  expect(api.asked).toHaveLength(2)
})

test("a page of Cloudflare with 429 keeps everything back for as long as it says", async () => {
  answers({ status: 429, headers: { "retry-after": "900" }, text: "<html>error code: 1015</html>" })
  expect(await thrownBy(rest.request(get))).toMatchObject({ retryAt: new Date(clock.time + 900_000) })
  await expect(rest.request({ method: "GET", path: "/guilds/2" })).rejects.toThrow(DiscordRateLimit)
})

test("not more than 50 requests a second are made, whatever they are about", async () => {
  answers({ json: {} })
  await Promise.all(
    Array.from({ length: 60 }, (_, index) => rest.request({ method: "GET", path: `/channels/${index}` })),
  )
  expect(api.asked).toHaveLength(60)
  expect(clock.time - 1_800_000_000_000).toBeGreaterThanOrEqual(1000)
})

test("after so many refusals within 10 minutes the client stops, and says until when", async () => {
  rest = client({ refusalsAllowed: 3 })
  answers({ status: 403, json: { code: 50013, message: "Missing Permissions" } })
  const start = clock.time
  for (let count = 0; count < 3; count++) {
    await expect(rest.request({ method: "GET", path: `/channels/${count}` })).rejects.toThrow(DiscordError)
    clock.time += 60_000
  }
  const thrown = await thrownBy(rest.request(get))
  expect(thrown).toMatchObject({ code: "rate_limited", retryAt: new Date(start + 600_000) })
  expect(String(thrown)).toContain("refused too many requests")
  expect(api.asked).toHaveLength(3)
  clock.time = start + 600_000
  await expect(rest.request(get)).rejects.toThrow(DiscordError)
  expect(api.asked).toHaveLength(4)
})

test("refusals of the shared scope, and of what is not there, do not count", async () => {
  rest = client({ refusalsAllowed: 1 })
  answers(refusal(0.1, "shared"), { status: 404, json: { code: 10003, message: "Unknown Channel" } })
  await expect(rest.request(get)).rejects.toThrow(DiscordError)
  await expect(rest.request(get)).rejects.toThrow(DiscordError)
  expect(api.asked).toHaveLength(3)
})

test("a token that Discord does not take is not tried again for a minute", async () => {
  answers({ status: 401, json: { code: 0, message: "401: Unauthorized" } })
  expect(await thrownBy(rest.request(get))).toMatchObject({ message: expect.stringContaining("DISCORD_BOT_TOKEN") })
  const again = await thrownBy(rest.request({ method: "GET", path: "/guilds/2" }))
  expect(again).toMatchObject({ code: "rate_limited", message: expect.stringContaining("DISCORD_BOT_TOKEN") })
  expect(api.asked).toHaveLength(1)
  clock.time += 60_000
  await expect(rest.request(get)).rejects.toThrow(DiscordError)
})

test("a refused token is tried again by one request alone, and by all once it is taken", async () => {
  answers({ status: 401, json: { code: 0, message: "401: Unauthorized" } })
  await expect(rest.request(get)).rejects.toThrow(DiscordError)
  clock.time += 60_000
  const many = () =>
    Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => rest.request({ method: "GET", path: `/guilds/${index}` })),
    )
  await many()
  expect(api.asked).toHaveLength(2)
  answers({ json: {} })
  clock.time += 60_000
  await rest.request(get)
  expect((await many()).every(({ status }) => status === "fulfilled")).toBe(true)
})

test("while the bot's token is refused, whoever acted in Discord is answered all the same", async () => {
  answers({ status: 401, json: { code: 0, message: "401: Unauthorized" } }, { json: { id: "1", channel_id: "2" } })
  await expect(rest.request(get)).rejects.toThrow(DiscordError)
  await rest.request({ method: "PATCH", path: "/webhooks/1/secret-token/messages/@original", body: {} })
  expect(api.asked).toHaveLength(2)
  await expect(rest.request(get)).rejects.toThrow(DiscordRateLimit)
  expect(api.asked).toHaveLength(2)
})

test("an interaction's token that has run out does not stop the bot", async () => {
  answers({ status: 401, json: { code: 50027, message: "Invalid Webhook Token" } }, { json: [] })
  const late = { method: "PATCH", path: "/webhooks/1/secret-token/messages/@original", body: {} } as const
  await expect(rest.request(late)).rejects.toThrow(DiscordError)
  await rest.request(get)
  expect(api.asked).toHaveLength(2)
})

test("a redirect is not followed: the token is for Discord alone", async () => {
  answers({ status: 302, headers: { location: `${api.url}/elsewhere` } })
  await expect(rest.request(post)).rejects.toThrow("302")
  expect(api.asked).toHaveLength(1)
})
