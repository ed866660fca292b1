import { expect, test } from "vitest"
import { defaultIds } from "./model/defaultGuild.ts"
import { useDiscord } from "./support/useDiscord.ts"

const stand = useDiscord({ rateLimits: true })
const { call } = stand
const { channels, users } = defaultIds
const send = (channel: string = channels.welcome) =>
  call("POST", `/channels/${channel}/messages`, { body: { content: "x" } })
const header = (answer: { headers: Headers }, name: string) => answer.headers.get(`x-ratelimit-${name}`)
const bodiesOf = (answers: { status: number }[]) => answers.map(({ status }) => status)

test("a bucket holds so many requests of a channel, and its headers tell", async () => {
  const first = await send()
  expect(["limit", "remaining", "reset-after"].map((name) => header(first, name))).toEqual(["5", "4", "5.000"])
  expect(header(first, "bucket")).toMatch(/^[0-9a-f]{32}$/)
  const rest = await Promise.all(Array.from({ length: 5 }, () => send()))
  expect(bodiesOf(rest)).toEqual([200, 200, 200, 200, 429])
  const refused = rest.find(({ status }) => status === 429) ?? first
  expect(refused.body).toEqual({ message: "You are being rate limited.", retry_after: 5, global: false })
  expect([header(refused, "scope"), refused.headers.get("retry-after")]).toEqual(["user", "5"])
  // Another channel has a bucket of its own, though of the same name.
  const other = await send(channels.support)
  expect([other.status, header(other, "bucket")]).toEqual([200, header(first, "bucket")])
  stand.pass(5001)
  expect((await send()).status).toBe(200)
  expect(stand.discord.log.invalidRequests).toBe(1)
})

test("all requests together have a limit, to which answers to interactions do not count", async () => {
  const { limits } = stand.discord
  const many = await Promise.all(
    Array.from({ length: 60 }, (_, n) => call("GET", `/channels/${100_000_000_000_000_000 + n * 1000}`)),
  )
  expect(many.filter(({ status }) => status === 429)).toHaveLength(10)
  const refused = many.find(({ status }) => status === 429)
  expect(refused?.body).toMatchObject({ global: true })
  expect(refused && [header(refused, "scope"), header(refused, "global"), header(refused, "bucket")]).toEqual([
    "global",
    "true",
    null,
  ])
  expect((await call("POST", "/webhooks/100000000000000001/token", { body: { content: "x" } })).status).toBe(404)
  limits.enabled = false
  expect((await send()).status).toBe(200)
})

test("a channel's name and topic change twice in 10 minutes, which no header tells before", async () => {
  const change = (body: object) => call("PATCH", `/channels/${channels.welcome}`, { body })
  for (const name of ["one", "two"]) expect((await change({ name })).status).toBe(200)
  const refused = await change({ name: "three" })
  expect(refused).toMatchObject({ status: 429, body: { global: false, retry_after: 600 } })
  expect([header(refused, "remaining"), header(refused, "scope")]).toEqual(["7", "user"])
  expect((await change({ topic: "other" })).status).toBe(200)
  expect((await change({ parent_id: channels.tickets })).status).toBe(200)
  stand.pass(600_001)
  expect((await change({ name: "three" })).body).toMatchObject({ name: "three" })
})

test("what others have used up is refused with the scope that does not count against us", async () => {
  stand.discord.limits.exhaust(channels.welcome, 30)
  const refused = await send()
  expect(refused).toMatchObject({
    status: 429,
    body: { message: "The resource is being rate limited.", retry_after: 30 },
  })
  expect([header(refused, "scope"), header(refused, "bucket"), stand.discord.log.invalidRequests]).toEqual([
    "shared",
    null,
    0,
  ])
  expect((await send(channels.support)).status).toBe(200)
  stand.pass(30_001)
  expect((await send()).status).toBe(200)
})

test("a follow-up has a bucket of its interaction", async () => {
  stand.app.answers(() => ({ type: 5, data: { flags: 64 } }))
  const body = { components: [{ type: 1, components: [{ type: 2, style: 1, label: "A", custom_id: "a" }] }] }
  const { id } = await call("POST", `/channels/${channels.welcome}/messages`, { body })
  const use = { as: users.ada, channel: channels.welcome, message: id, customId: "a" }
  const follow = (token: string) => call("POST", `/webhooks/100000000000000001/${token}`, { body: { content: "x" } })
  const [one, two] = [await stand.discord.people.press(use), await stand.discord.people.press(use)]
  const answers = await Promise.all(Array.from({ length: 6 }, () => follow(one.token)))
  expect(bodiesOf(answers).toSorted()).toEqual([200, 200, 200, 200, 200, 429])
  expect((await follow(two.token)).status).toBe(200)
})
