import { sql } from "drizzle-orm"
import fc from "fast-check"
import { afterEach, expect, test, vi } from "vitest"
import {
  applicationId,
  autocomplete,
  command,
  component,
  discordKeys,
  modalSubmit,
  ping,
  signedHeaders,
} from "../support/discordInteractions.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useDiscordWorker } from "../support/useDiscordWorker.ts"

const database = useDatabase()
const worker = useDiscordWorker(database)

const kept = async () =>
  (
    await database.db.execute<{ id: string; kind: string; name: string; user_id: string; error: string | null }>(
      sql`select id, kind, name, user_id, error from discord_interactions order by id`,
    )
  ).rows
/** What whoever acted was told later. */
const told = ({ token }: { token: string }) =>
  worker.api.asked
    .filter(({ path }) => path.split("/").includes(token))
    .map((asked) => ({ method: asked.method, path: asked.path, json: worker.api.json(asked) }))
/** The same, once it has arrived. */
const toldLater = (sent: { token: string }) =>
  vi.waitFor(
    () => {
      const [first] = told(sent)
      if (!first) throw new Error("Nobody has been told yet.")
      return first
    },
    { timeout: 10_000, interval: 20 },
  )
const message = { id: "100000000000000050", channel_id: "100000000000000010" }

afterEach(async () => {
  await database.db.execute(sql`truncate discord_interactions`)
})

test("PING is answered with PONG as JSON, even while the database is down", async () => {
  worker.slow.down = true
  const response = await worker.send(ping())
  expect([response.status, response.headers.get("content-type"), await response.json()]).toEqual([
    200,
    "application/json",
    { type: 1 },
  ])
})

const otherKeys = discordKeys()
const now = () => Math.floor(Date.now() / 1000)
const signed = (body: string, stamp?: number) =>
  signedHeaders(body, worker.keys.privateKey, stamp === undefined ? undefined : String(stamp))

test.each<[string, (body: string) => Record<string, string>]>([
  ["no signature", () => ({})],
  ["no stamp", (body) => ({ "x-signature-ed25519": signed(body)["x-signature-ed25519"] })],
  ["an empty signature", (body) => ({ ...signed(body), "x-signature-ed25519": "" })],
  ["the signature of another key", (body) => signedHeaders(body, otherKeys.privateKey)],
  ["the signature of another body", () => signed("{}")],
  [
    "half a signature",
    (body) => ({ ...signed(body), "x-signature-ed25519": signed(body)["x-signature-ed25519"].slice(64) }),
  ],
  ["a signature that is not hexadecimal", (body) => ({ ...signed(body), "x-signature-ed25519": "zz".repeat(64) })],
  ["a stamp that was not signed", (body) => ({ ...signed(body), "x-signature-timestamp": String(now() - 1) })],
  ["a stamp that is no number", (body) => signedHeaders(body, worker.keys.privateKey, "soon")],
  ["a stamp that is too old", (body) => signed(body, now() - 302)],
  ["a stamp in the future", (body) => signed(body, now() + 310)],
])("%s is answered with 401, and nothing is kept", async (_name, headers) => {
  const body = JSON.stringify(command("echo"))
  expect((await worker.post(body, headers(body))).status).toBe(401)
  expect(await kept()).toEqual([])
})

test.each([
  ["no JSON", '{"type": '],
  ["null", "null"],
  ["a list", "[]"],
  ["an endless nesting", "[".repeat(50_000)],
  ["no type", JSON.stringify({ ...command("echo"), type: undefined })],
  ["a type that nobody knows", JSON.stringify({ ...command("echo"), type: 99 })],
  ["an id that is no number", JSON.stringify({ ...command("echo"), id: "../../x" })],
  ["nobody who acts", JSON.stringify({ ...command("echo"), member: undefined })],
  ["a command without a name", JSON.stringify({ ...command("echo"), data: {} })],
  ["a component without a custom id", JSON.stringify({ ...component("modal"), data: {} })],
  ["a body beyond the cap", JSON.stringify({ ...command("echo"), padding: "x".repeat(600_000) })],
])("a signed body that is %s is answered with 401", async (_name, body) => {
  expect((await worker.post(body, signed(body))).status).toBe(401)
})

const text = (value: unknown) => JSON.stringify(value) ?? ""
/** Parts of an interaction of which one at least is wrong. */
const bodyParts = {
  id: fc.oneof(fc.constant("1"), fc.anything()),
  application_id: fc.oneof(fc.constant("1"), fc.anything()),
  token: fc.oneof(fc.constant("t"), fc.anything()),
  user: fc.oneof(fc.constant({ id: "1" }), fc.anything()),
  data: fc.oneof(fc.constant({}), fc.anything()),
}

test("whatever is made of signature, stamp and body, the answer is 401", async () => {
  const printable = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) })
  const hexadecimal = fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCDEF"), minLength: 100, maxLength: 160 })
  const exact = fc.uint8Array({ minLength: 64, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString("hex"))
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(printable, hexadecimal, exact),
      fc.oneof(printable, fc.constantFrom(String(now()), "", "-1", "1e3", "9".repeat(30)), fc.nat().map(String)),
      fc.oneof(fc.string({ unit: "binary" }), fc.json(), fc.constant(JSON.stringify(command("echo")))),
      async (signature, stamp, body) => {
        const headers = { "x-signature-ed25519": signature, "x-signature-timestamp": stamp }
        expect((await worker.post(body, headers)).status).toBe(401)
      },
    ),
    { numRuns: 400 },
  )
  expect(await kept()).toEqual([])
})

test("whatever is signed that is no interaction, the answer is 401", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.json(),
        fc.string({ unit: "binary" }),
        fc.record({ ...bodyParts, type: fc.oneof(fc.nat(9), fc.anything()) }, { requiredKeys: [] }).map(text),
      ),
      async (body) => {
        fc.pre(!/"type":1[,}]/.test(body))
        expect((await worker.post(body, signed(body))).status).toBe(401)
      },
    ),
    { numRuns: 300 },
  )
  expect(await kept()).toEqual([])
})

test("a command is answered at once, in the name of whoever used it, and its id is kept", async () => {
  const sent = command("echo")
  expect(await (await worker.send(sent)).json()).toEqual({
    type: 4,
    data: { content: "echo by 100000000000000020", flags: 64 },
  })
  expect(await kept()).toEqual([
    { id: sent.id, kind: "command", name: "echo", user_id: "100000000000000020", error: null },
  ])
})

test("the same interaction again is answered with 401, and does nothing", async () => {
  worker.api.script.answer = () => ({ json: message })
  for (const sent of [command("echo"), command("later")]) {
    expect((await worker.send(sent)).status).toBe(200)
    expect((await worker.send(sent)).status).toBe(401)
  }
  expect(await kept()).toHaveLength(2)
})

test("of 20 sent at the same moment one is answered", async () => {
  worker.api.script.answer = () => ({ json: message })
  const sent = component("update:1")
  const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await worker.send(sent)).status))
  expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  await toldLater(sent)
  expect(told(sent)).toHaveLength(1)
})

test("a button is answered with a modal, by the name in its custom id", async () => {
  expect(await (await worker.send(component("modal:billing"))).json()).toMatchObject({
    type: 9,
    data: { custom_id: "form:billing" },
  })
})

test("what is typed is answered with choices", async () => {
  expect(await (await worker.send(autocomplete("echo", "re"))).json()).toEqual({
    type: 8,
    data: { choices: [{ name: "re", value: "re" }] },
  })
})

test("what takes longer is put off for whoever asked alone, and told by the interaction's token", async () => {
  worker.api.script.answer = () => ({ json: message })
  const sent = modalSubmit("form:42")
  expect(await (await worker.send(sent)).json()).toEqual({ type: 5, data: { flags: 64 } })
  expect(await toldLater(sent)).toEqual({
    method: "PATCH",
    path: `/webhooks/${applicationId}/${sent.token}/messages/@original`,
    json: { content: "form 42", allowed_mentions: { parse: [] } },
  })
  const asked = worker.api.asked.find(({ path }) => path.includes(sent.token))
  expect(asked?.headers).not.toHaveProperty("authorization")
})

test("what is done before Discord has taken in that it is put off is told again until it can be", async () => {
  let refusals = 2
  worker.api.script.answer = () =>
    refusals-- > 0 ? { status: 404, json: { message: "Unknown Webhook", code: 10015 } } : { json: message }
  const sent = command("later")
  expect(await (await worker.send(sent)).json()).toMatchObject({ type: 5 })
  await vi.waitFor(() => expect(worker.api.asked).toHaveLength(3), { timeout: 10_000 })
  expect(worker.api.asked.at(-1)?.path).toContain("/messages/@original")
})

test("a button that changes its own message is put off without a word", async () => {
  worker.api.script.answer = () => ({ json: message })
  const sent = component("update:1")
  expect(await (await worker.send(sent)).json()).toEqual({ type: 6 })
  expect(await toldLater(sent)).toMatchObject({ method: "PATCH", json: { content: "changed" } })
})

test.each([
  ["a command", command("unheard"), /command "unheard"/],
  ["a button", component("unheard:1"), /component "unheard"/],
  ["a modal", modalSubmit("unheard"), /modal "unheard"/],
])("%s that nothing here knows is told so, to whoever used it alone", async (_name, sent, said) => {
  expect(await (await worker.send(sent)).json()).toMatchObject({
    type: 4,
    data: { flags: 64, content: expect.stringMatching(said) },
  })
  expect(await (await worker.send(autocomplete("unheard", "x"))).json()).toEqual({ type: 8, data: { choices: [] } })
})

test("an interaction of another server is turned away: its roles are not ours", async () => {
  const sent = { ...command("echo"), guild_id: "900000000000000009" }
  expect(await (await worker.send(sent)).json()).toMatchObject({
    data: { flags: 64, content: "This bot serves another server." },
  })
  expect(await kept()).toEqual([])
})

test("in a direct message the user acts", async () => {
  const { member, guild_id: _guild, ...rest } = command("echo")
  expect(await (await worker.send({ ...rest, user: member.user })).json()).toMatchObject({
    data: { content: "echo by 100000000000000020" },
  })
})

test("an error that is meant for whoever asked is told in its own words, any other without them", async () => {
  expect(await (await worker.send(component("fails:clearly"))).json()).toMatchObject({
    type: 4,
    data: { flags: 64, content: "You have a ticket already." },
  })
  const sent = component("fails:badly")
  const answer = JSON.stringify(await (await worker.send(sent)).json())
  expect(answer).toContain("Something went wrong on our side")
  expect(answer).not.toContain("secret detail")
  await vi.waitFor(async () =>
    expect(await kept()).toContainEqual(expect.objectContaining({ id: sent.id, error: "secret detail" })),
  )
})

test.each([
  ["clearly", "You have a ticket already.", "You have a ticket already."],
  ["badly", expect.stringContaining("Something went wrong on our side"), "secret detail"],
])("what fails %s after it was put off is told in its place, and kept", async (how, content, error) => {
  worker.api.script.answer = () => ({ json: message })
  const sent = modalSubmit(`form:${how}`)
  expect((await worker.send(sent)).status).toBe(200)
  expect(await toldLater(sent)).toMatchObject({ method: "PATCH", json: { content } })
  await vi.waitFor(async () => expect(await kept()).toMatchObject([{ id: sent.id, error }]))
})

test("what fails after a button was put off leaves its message as it is, and is told to whoever pressed it", async () => {
  worker.api.script.answer = () => ({ json: message })
  const sent = component("update:fails")
  await worker.send(sent)
  expect(await toldLater(sent)).toMatchObject({
    method: "POST",
    path: `/webhooks/${applicationId}/${sent.token}`,
    json: { flags: 64, content: expect.stringContaining("Something went wrong") },
  })
})

test.each([
  ["a modal", component("modal:1"), 9],
  ["choices", autocomplete("echo", "x"), 8],
  ["a message", command("echo"), 4],
  ["what is put off", modalSubmit("form:1"), 5],
  ["a message's update", component("update:nothing"), 6],
])("%s is there within 3 seconds while the database takes 1.5 seconds for each answer", async (_name, sent, type) => {
  worker.slow.milliseconds = 1500
  worker.api.script.answer = () => ({ json: message })
  const started = Date.now()
  const answer = await (await worker.send(sent)).json()
  expect(Date.now() - started).toBeLessThan(2500)
  expect(answer).toMatchObject({ type })
  if (type === 8) expect(answer).toMatchObject({ data: { choices: [{ value: "x" }] } })
})

test("50 people press at the same moment while the database is slow, and each has an answer within 3 seconds", async () => {
  worker.slow.milliseconds = 1000
  worker.api.script.answer = () => ({ json: message })
  const took = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const started = Date.now()
      const answer = await worker.send(index % 2 ? component("modal:1") : modalSubmit("form:1"))
      expect(await answer.json()).toMatchObject({ type: index % 2 ? 9 : 5 })
      return Date.now() - started
    }),
  )
  expect(Math.max(...took)).toBeLessThan(3000)
})

test("a database that takes 5 seconds: what can be put off is, and done once it answers; the rest says to try again", async () => {
  worker.slow.milliseconds = 5000
  worker.api.script.answer = () => ({ json: message })
  const started = Date.now()
  const putOff = modalSubmit("form:7")
  const [put, asked, typed] = await Promise.all(
    [putOff, component("modal:1"), autocomplete("echo", "x")].map(async (sent) => (await worker.send(sent)).json()),
  )
  expect(Date.now() - started).toBeLessThan(3000)
  expect(put).toEqual({ type: 5, data: { flags: 64 } })
  expect(asked).toMatchObject({ type: 4, data: { flags: 64, content: expect.stringContaining("try again") } })
  expect(typed).toEqual({ type: 8, data: { choices: [] } })
  worker.slow.milliseconds = 0
  expect(await toldLater(putOff)).toMatchObject({ json: { content: "form 7" } })
})

const typed = (text: string) => [{ type: 18, component: { custom_id: "text", type: 4, value: text } }]

test.each([
  ["takes 5 seconds", () => Object.assign(worker.slow, { milliseconds: 5000 })],
  ["is down", () => Object.assign(worker.slow, { down: true })],
])(
  "a database that %s: a form that needs nothing of it opens all the same, and nobody is told to try again",
  async (_name, harm) => {
    harm()
    const started = Date.now()
    const answer = await (await worker.send(component("form-at-once:1"))).json()
    expect(answer).toMatchObject({ type: 9, data: { custom_id: "unaided:1" } })
    expect(Date.now() - started).toBeLessThan(3000)
  },
)

test("a database that is down for some seconds: what was typed into a form is put off, and done once it is back", async () => {
  worker.slow.down = true
  worker.api.script.answer = () => ({ json: message })
  const sent = modalSubmit("wish:8", typed("My server is down"))
  const started = Date.now()
  expect(await (await worker.send(sent)).json()).toEqual({ type: 5, data: { flags: 64 } })
  expect(Date.now() - started).toBeLessThan(3000)
  worker.slow.down = false
  expect(await toldLater(sent)).toMatchObject({ json: { content: "wish 8" } })
  await vi.waitFor(async () => expect(await unfinished()).toEqual([]))
  expect(await kept()).toContainEqual(expect.objectContaining({ id: sent.id, error: null }))
})

test("a database that stays down: whoever typed gets it back word for word, with what became of it", async () => {
  worker.slow.down = true
  worker.api.script.answer = () => ({ json: message })
  const long = "x".repeat(3000)
  const all = [modalSubmit("wish:8", typed("My server is\ndown")), modalSubmit("wish:9", typed(long))]
  for (const sent of all) expect(await (await worker.send(sent)).json()).toMatchObject({ type: 5 })
  const bodies = () =>
    all.flatMap(({ token }) =>
      worker.api.asked.filter(({ path }) => path.includes(`/${token}/`)).map(({ body }) => `${body}`),
    )
  await vi.waitFor(() => expect(bodies()).toHaveLength(2), { timeout: 25_000, interval: 100 })
  const [short, file] = bodies()
  expect(short).toContain("could not take this. Please send it again later.")
  expect(short).toContain("My server is\\ndown")
  expect(file).toContain("what-you-wrote.txt")
  expect(file).toContain(long)
}, 40_000)

test("what was typed and is refused for what it is comes back to whoever typed it, and is not done again", async () => {
  worker.api.script.answer = () => ({ json: message })
  const sent = modalSubmit("wish:clearly", typed("My server is down"))
  await worker.send(sent)
  expect(await toldLater(sent)).toMatchObject({
    json: { content: "You have a ticket already.\n\nThis is what you wrote:\nMy server is down" },
  })
  await vi.waitFor(async () =>
    expect(await kept()).toMatchObject([{ id: sent.id, error: "You have a ticket already." }]),
  )
  expect(await unfinished()).toEqual([])
})

test("a database that is down: whoever acts is told at once, and nothing is done", async () => {
  worker.slow.down = true
  const sent = modalSubmit("form:1")
  const answer = await (await worker.send(sent)).json()
  expect(answer).toMatchObject({ type: 4, data: { flags: 64, content: expect.stringContaining("try again") } })
  expect(told(sent)).toEqual([])
})

const unfinished = async () =>
  (
    await database.db.execute<{ id: string; payload: unknown }>(
      sql`select id, payload from discord_interactions where payload is not null and failed_at is null`,
    )
  ).rows

test("what is put off is kept whole until it is done, and no longer", async () => {
  const asked = Promise.withResolvers<void>()
  const channel = Promise.withResolvers<{ json: object }>()
  worker.api.script.answer = ({ method }) => {
    if (method !== "GET") return { json: message }
    asked.resolve()
    return channel.promise
  }
  const sent = modalSubmit("form:asks")
  await worker.send(sent)
  await asked.promise
  expect(await unfinished()).toEqual([{ id: sent.id, payload: sent }])
  channel.resolve({ json: { id: "100000000000000010" } })
  expect(await toldLater(sent)).toMatchObject({ json: { content: "form asks" } })
  await vi.waitFor(async () => expect(await unfinished()).toEqual([]))
})

test("text that PostgreSQL does not keep as it is does not keep an interaction from being done", async () => {
  worker.api.script.answer = () => ({ json: message })
  const sent = modalSubmit("form:1", [
    { type: 18, component: { custom_id: "text", type: 4, value: "\u0000 \ud800 💥" } },
  ])
  expect(await (await worker.send(sent)).json()).toMatchObject({ type: 5 })
  expect(await toldLater(sent)).toMatchObject({ json: { content: "form 1" } })
})

test.each([
  ["what is answered at once", command("echo")],
  ["what fails after it was put off", modalSubmit("form:badly")],
])("%s is not kept to be done again", async (_name, sent) => {
  worker.api.script.answer = () => ({ json: message })
  await worker.send(sent)
  if (sent.type === 5) await toldLater(sent)
  await vi.waitFor(async () => expect(await unfinished()).toEqual([]))
})
