import { expect, test } from "vitest"
import { defaultIds } from "./model/defaultGuild.ts"
import { useDiscord } from "./support/useDiscord.ts"

const stand = useDiscord()
const { app, call } = stand
const { users, channels, roles } = defaultIds

const act = async (action: object) => {
  const answer = await fetch(`${stand.fakes.url}/_/discord/act`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(action),
  })
  return { status: answer.status, body: await answer.json() }
}
const state = async (path = "state") => (await fetch(`${stand.fakes.url}/_/discord/${path}`)).json()

const panel = { components: [{ type: 1, components: [{ type: 2, style: 1, label: "Open", custom_id: "open" }] }] }
const modal = {
  custom_id: "opened",
  title: "Open a ticket",
  components: [
    { type: 18, label: "What", component: { type: 4, custom_id: "what", style: 2 } },
    { type: 18, label: "File", component: { type: 19, custom_id: "file", required: false, file_types: [".log"] } },
  ],
}

test("a script plays a person, with people and channels by name", async () => {
  await call("POST", `/channels/${channels.support}/messages`, { body: panel })
  app.answers(() => ({ type: 9, data: modal }))
  const pressed = await act({ action: "press", as: "ada", channel: "support", customId: "open" })
  expect(pressed).toMatchObject({ status: 200, body: { ok: true, result: { answerType: 9, user: users.ada } } })
  app.answers(() => ({ type: 4, data: { content: "Thanks", flags: 64 } }))
  const submit = {
    action: "submitModal",
    as: "ada",
    interaction: [...stand.discord.world.store.interactions.keys()].at(-1),
    values: { what: "Broken" },
  }
  const wrongFile = { file: [{ name: "a.exe", text: "log" }] }
  expect(await act({ ...submit, files: wrongFile })).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining("a.exe") },
  })
  expect(await act({ ...submit, files: { file: [{ name: "a.log", text: "log" }] } })).toMatchObject({ status: 200 })
  const said = await act({
    action: "say",
    as: "sam",
    channel: "welcome",
    content: "Hi",
    files: [{ name: "b.txt", text: "b" }],
  })
  expect(said).toMatchObject({
    status: 200,
    body: { result: { author: users.sam, attachments: [expect.any(String)] } },
  })
  expect(await state(`channels/${channels.support}`)).toMatchObject([
    { ephemeral_for: null },
    { content: "Thanks", ephemeral_for: users.ada },
  ])
  expect(await state("interactions")).toMatchObject([{ outcome: "answered", milliseconds: expect.any(Number) }, {}])
})

test("a form plays a person alike, and leads back to its page", async () => {
  const form = new FormData()
  for (const [name, value] of Object.entries({
    action: "say",
    as: users.ada,
    channel: channels.welcome,
    content: "Hi",
  }))
    form.set(name, value)
  form.set("file:files", new File(["x"], "x.txt", { type: "text/plain" }))
  const answer = await fetch(`${stand.fakes.url}/_/discord/act`, {
    method: "POST",
    body: form,
    redirect: "manual",
    headers: { referer: `${stand.fakes.url}/discord?as=${users.ada}` },
  })
  expect([answer.status, answer.headers.get("location")]).toEqual([303, `/discord?as=${users.ada}`])
  expect(await state(`channels/${channels.welcome}`)).toMatchObject([
    { content: "Hi", attachments: [{ filename: "x.txt" }] },
  ])
})

test("the guild is administered: members, permissions, intents, limits, links", async () => {
  await act({ action: "leave", as: "ben" })
  await act({ action: "join", name: "Dora Example" })
  await act({ action: "blockDms", as: "ada", blocked: "on" })
  await act({ action: "rolePermission", role: roles.bot, permission: "ManageChannels", on: "off" })
  await act({ action: "switch", messageContent: "off", rateLimits: true })
  await act({ action: "deleteChannel", channel: "welcome" })
  await act({ action: "setRole", as: "cleo", role: roles.support, has: "on" })
  await act({ action: "setRole", as: "sam", role: roles.support, has: "off" })
  const after = await state()
  expect(after).toMatchObject({ messageContent: false, guildMembers: true, rateLimits: true })
  const { members, users: people } = stand.discord.world.store
  const names = [...members.keys()].map((id) => people.get(id)?.global_name)
  expect([members.get(users.cleo)?.roles, members.get(users.sam)?.roles]).toEqual([[roles.support], []])
  expect(names).toContain("Dora Example")
  expect(names).not.toContain("Ben Example")
  expect(JSON.stringify(after)).not.toContain('"name":"welcome"')
  expect(await call("POST", "/guilds/100000000000000002/channels", { body: { name: "a" } })).toMatchObject({
    code: 50013,
  })
})

test("what cannot be done is refused with its reason", async () => {
  expect(await act({ action: "explode" })).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining("action") },
  })
  const say = { action: "say", as: "ada", channel: "welcome" }
  expect(await act({ ...say, content: "" })).toMatchObject({ body: { error: "Cannot send an empty message" } })
  expect(await act({ ...say, channel: "nowhere", content: "x" })).toMatchObject({ body: { error: "Unknown Channel" } })
  expect(await act({ ...say, content: "x".repeat(4001) })).toMatchObject({
    body: { error: expect.stringContaining("4000") },
  })
  expect(await act({ action: "rolePermission", role: roles.bot, permission: "Fly", on: true })).toMatchObject({
    status: 400,
  })
})

test("faults of the API are those of the other stand-ins, and Discord's own", async () => {
  const guild = () => call("GET", "/guilds/100000000000000002")
  const { faults } = stand.fakes
  faults.set("discord", { unavailable: 1 })
  expect(await guild()).toMatchObject({ status: 503, body: expect.stringContaining("upstream") })
  faults.set("discord", { unavailable: 0, tooManyRequests: { count: 1 } })
  expect(await guild()).toMatchObject({ status: 429, body: { retry_after: 1, global: false } })
  faults.set("discord", { droppedConnection: { count: 1 } })
  await expect(guild()).rejects.toThrow()
  expect((await guild()).status).toBe(200)
  // Refusals count as Discord counts them, whatever brought them about.
  expect(stand.discord.log.invalidRequests).toBe(1)
  expect(stand.discord.log.requests.map(({ status }) => status)).toEqual([503, 429, null, 200])
  faults.set("discord", { errorAfterAcceptance: { count: 1, on: "POST" } })
  const send = () => call("POST", `/channels/${channels.welcome}/messages`, { body: { content: "Done anyway" } })
  expect(await send()).toMatchObject({ status: 500, body: { message: "500: Internal Server Error" } })
  expect(await state(`channels/${channels.welcome}`)).toMatchObject([{ content: "Done anyway" }])
  faults.set("discord", { latency: { milliseconds: 60, count: 1 } })
  const started = performance.now()
  await guild()
  expect(performance.now() - started).toBeGreaterThan(55)
})

test("a fault delivers an interaction twice", async () => {
  await call("POST", `/channels/${channels.support}/messages`, { body: panel })
  app.answers(() => ({ type: 6 }))
  stand.fakes.faults.set("discord", { duplicateWebhooks: { count: 1 } })
  await act({ action: "press", as: "ada", channel: "support", customId: "open" })
  await stand.fakes.settled()
  const [first, second] = app.received
  expect(second).toEqual(first)
  stand.fakes.faults.set("discord", { webhooksOff: true })
  const withheld = await act({ action: "press", as: "ada", channel: "support", customId: "open" })
  expect(withheld.body).toMatchObject({
    result: { outcome: "refused", problem: expect.stringContaining("withheld") },
  })
})
