import { PermissionFlagsBits } from "discord-api-types/v10"
import { describe, expect, test } from "vitest"
import { defaultIds } from "./model/defaultGuild.ts"
import { useDiscord } from "./support/useDiscord.ts"

const stand = useDiscord()
const { call } = stand
const { users, channels, roles } = defaultIds
const messages = `/channels/${channels.welcome}/messages`
const send = (body: object) => call("POST", messages, { body })
const say = (content: string, as: string = users.ada) =>
  stand.discord.people.say({ as, channel: channels.welcome, content })
const contents = ({ body }: { body: unknown }) =>
  Array.isArray(body) ? body.map((each: { content: string }) => each.content) : body
const without = (bit: bigint) => stand.discord.people.setRolePermission({ role: roles.bot, bit, on: false })

describe("the list", () => {
  test("is newest first and paged before, after and around an id", async () => {
    const ids = Array.from({ length: 120 }, (_, n) => say(`m${n}`).id)
    expect(contents(await call("GET", messages))).toEqual(Array.from({ length: 50 }, (_, n) => `m${119 - n}`))
    const before = contents(await call("GET", `${messages}?limit=100&before=${ids[20]}`))
    expect(before).toEqual(Array.from({ length: 20 }, (_, n) => `m${19 - n}`))
    expect(contents(await call("GET", `${messages}?limit=3&after=${ids[10]}`))).toEqual(["m13", "m12", "m11"])
    expect(contents(await call("GET", `${messages}?limit=3&around=${ids[10]}`))).toEqual(["m11", "m10", "m9"])
    expect(contents(await call("GET", `${messages}?after=${ids[119]}`))).toEqual([])
    for (const wrong of ["limit=0", "limit=101", "limit=x", "before=x", `before=${ids[1]}&after=${ids[2]}`])
      expect(await call("GET", `${messages}?${wrong}`)).toMatchObject({ status: 400, code: 50035 })
  })

  test("is empty without the permission to read history, and so is nothing else", async () => {
    const { id } = say("before")
    without(PermissionFlagsBits.ReadMessageHistory)
    stand.discord.people.setRolePermission({
      role: roles.everyone,
      bit: PermissionFlagsBits.ReadMessageHistory,
      on: false,
    })
    expect(await call("GET", messages)).toMatchObject({ status: 200, body: [] })
    expect(await call("GET", `${messages}/${id}`)).toMatchObject({ status: 403, code: 50013 })
  })

  test("tells of edits and deletions", async () => {
    const { people } = stand.discord
    const first = say("first")
    const second = say("second")
    people.edit({ as: users.ada, channel: channels.welcome, message: first.id, content: "first, edited" })
    people.delete({ as: users.ada, channel: channels.welcome, message: second.id })
    expect((await call("GET", messages)).body).toMatchObject([
      { id: first.id, content: "first, edited", edited_timestamp: expect.stringMatching(/^\d{4}-.*\+00:00$/) },
    ])
    expect(await call("GET", `${messages}/${second.id}`)).toMatchObject({ status: 404, code: 10008 })
  })
})

describe("without the message content intent", () => {
  test("what people write is empty unless it is meant for the bot", async () => {
    stand.discord.world.messageContent = false
    say("for people")
    say(`<@${users.bot}> for the bot`)
    await send({ content: "from the bot" })
    expect(contents(await call("GET", messages))).toEqual(["from the bot", `<@${users.bot}> for the bot`, ""])
    const file = { name: "a.txt", contentType: "text/plain", bytes: new Uint8Array([65]) }
    const { id } = stand.discord.people.say({ as: users.ada, channel: channels.welcome, content: "x", files: [file] })
    expect((await call("GET", `${messages}/${id}`)).body).toMatchObject({ content: "", attachments: [], embeds: [] })
    const dm = await call("POST", "/users/@me/channels", { body: { recipient_id: users.ada } })
    stand.discord.people.say({ as: users.ada, channel: dm.id, content: "private" })
    expect(contents(await call("GET", `/channels/${dm.id}/messages`))).toEqual(["private"])
  })

  test("the application's flags say so", async () => {
    const flags = async () => (await call("GET", "/applications/@me")).body
    expect(await flags()).toMatchObject({ flags: (1 << 19) | (1 << 15), verify_key: expect.stringMatching(/^1cdb/) })
    stand.discord.world.messageContent = false
    expect(await flags()).toMatchObject({ flags: 1 << 15 })
  })
})

describe("a message of the bot", () => {
  test("is made once for a nonce, for some minutes", async () => {
    const body = { content: "Once", nonce: "ticket-1", enforce_nonce: true }
    const [first, second] = [await send(body), await send({ ...body, content: "Twice" })]
    expect(second).toMatchObject({ status: 200, id: first.id, body: { content: "Once", nonce: "ticket-1" } })
    expect((await send({ ...body, enforce_nonce: false })).id).not.toBe(first.id)
    stand.pass(10 * 60_000)
    expect((await send(body)).id).not.toBe(first.id)
    expect(await send({ ...body, nonce: "x".repeat(26) })).toMatchObject({ status: 400, code: 50035 })
  })

  test("pings only whom it is allowed to", async () => {
    const content = `<@${users.ada}> <@&${roles.support}> @everyone`
    const pinged = async (body: object) => (await send({ content, ...body })).body
    expect(await pinged({})).toMatchObject({
      mentions: [{ id: users.ada }],
      mention_roles: [roles.support],
      mention_everyone: true,
    })
    expect(await pinged({ allowed_mentions: { parse: [] } })).toMatchObject({
      mentions: [],
      mention_roles: [],
      mention_everyone: false,
    })
    expect(await pinged({ allowed_mentions: { parse: [], roles: [roles.support] } })).toMatchObject({
      mentions: [],
      mention_roles: [roles.support],
    })
    expect(say(content)).toMatchObject({ mentions: [users.ada], mention_roles: [], mention_everyone: false })
  })

  test("is edited and deleted, those of others only with the permission to", async () => {
    const { id } = await send({ content: "A", embeds: [{ title: "E" }] })
    const edited = await call("PATCH", `${messages}/${id}`, { body: { content: null } })
    expect(edited).toMatchObject({ status: 200, body: { content: "", embeds: [{ title: "E", type: "rich" }] } })
    const theirs = say("theirs")
    expect(await call("PATCH", `${messages}/${theirs.id}`, { body: { content: "x" } })).toMatchObject({ code: 50005 })
    expect((await call("DELETE", `${messages}/${theirs.id}`)).status).toBe(204)
    without(PermissionFlagsBits.ManageMessages)
    expect(await call("DELETE", `${messages}/${say("again").id}`)).toMatchObject({ status: 403, code: 50013 })
    expect((await call("DELETE", `${messages}/${id}`)).status).toBe(204)
  })

  test("replies, and is pinned", async () => {
    const { id } = say("Question")
    const reply = await send({ content: "Answer", message_reference: { message_id: id } })
    expect(reply.body).toMatchObject({
      type: 19,
      message_reference: { message_id: id },
      referenced_message: { id, content: "Question" },
      mentions: [{ id: users.ada }],
    })
    expect((await call("PUT", `${messages}/pins/${id}`)).status).toBe(204)
    expect((await call("GET", `${messages}/pins`)).body).toMatchObject({ items: [{ message: { id, pinned: true } }] })
    expect(await send({ content: "x", message_reference: { message_id: "1" } })).toMatchObject({ code: 50035 })
  })

  test("may be laid out in components", async () => {
    const components = [
      { type: 17, components: [{ type: 10, content: "# Ticket" }, { type: 14 }] },
      { type: 1, components: [{ type: 2, style: 5, label: "Site", url: "https://example.com" }] },
    ]
    const sent = await send({ flags: 1 << 15, components })
    expect(sent).toMatchObject({ status: 200, body: { flags: 1 << 15, components: [{ id: 1 }, { id: 4 }] } })
    expect(await call("PATCH", `${messages}/${sent.id}`, { body: { content: "plain" } })).toMatchObject({ code: 50035 })
  })

  const button = (extra: object) => ({ components: [{ type: 1, components: [{ type: 2, style: 1, ...extra }] }] })
  const select = (options: string[]) => ({
    components: [
      {
        type: 1,
        components: [{ type: 3, custom_id: "s", options: options.map((value) => ({ label: value, value })) }],
      },
    ],
  })
  test.each([
    ["nothing in it", {}, 50006],
    ["only white space", { content: " \n" }, 50006],
    ["too much text", { content: "x".repeat(2001) }, 50035],
    ["too many embeds", { embeds: Array.from({ length: 11 }, () => ({ title: "x" })) }, 50035],
    ["embeds of more than 6000 characters", { embeds: [1, 2].map(() => ({ description: "x".repeat(3001) })) }, 50035],
    ["an embed field without a name", { embeds: [{ fields: [{ name: "", value: "x" }] }] }, 50035],
    ["an unknown component", { components: [{ type: 99 }] }, 50035],
    ["a button outside a row", { components: [{ type: 2, style: 1, label: "a", custom_id: "a" }] }, 50035],
    ["a button without an id", button({ label: "a" }), 50035],
    ["a button without a label", button({ custom_id: "a" }), 50035],
    ["a button with a long label", button({ custom_id: "a", label: "x".repeat(81) }), 50035],
    ["a button with a long id", button({ custom_id: "x".repeat(101), label: "a" }), 50035],
    ["an option twice", select(["a", "a"]), 50035],
    ["26 options", select(Array.from({ length: 26 }, (_, n) => `o${n}`)), 50035],
    ["layout in a plain message", { content: "x", components: [{ type: 10, content: "y" }] }, 50035],
    ["a strange mention rule", { content: "x", allowed_mentions: { parse: ["all"] } }, 50035],
  ])("is refused with %s", async (_, body, code) => {
    expect(await send(body)).toMatchObject({ status: 400, code })
  })

  test("names the field that is wrong, as Discord nests it", async () => {
    expect((await send(button({ label: "x".repeat(81), custom_id: "a" }))).body).toMatchObject({
      code: 50035,
      message: "Invalid Form Body",
      errors: {
        components: { 0: { components: { 0: { label: { _errors: [{ code: "BASE_TYPE_BAD_LENGTH" }] } } } } },
      },
    })
  })

  test("needs the permissions for what it holds", async () => {
    without(PermissionFlagsBits.EmbedLinks)
    stand.discord.people.setRolePermission({ role: roles.everyone, bit: PermissionFlagsBits.EmbedLinks, on: false })
    expect(await send({ embeds: [{ title: "x" }] })).toMatchObject({ status: 403, code: 50013 })
    expect(await call("POST", `/channels/${channels.tickets}/messages`, { body: { content: "x" } })).toMatchObject({
      code: 50008,
    })
  })

  test("reaches people who take direct messages", async () => {
    const { id } = await call("POST", "/users/@me/channels", { body: { recipient_id: users.ada } })
    expect((await call("POST", "/users/@me/channels", { body: { recipient_id: users.ada } })).id).toBe(id)
    const dm = () => call("POST", `/channels/${id}/messages`, { body: { content: "Hello" } })
    expect((await dm()).status).toBe(200)
    stand.discord.people.blockDms({ as: users.ada, blocked: true })
    expect(await dm()).toMatchObject({ status: 403, code: 50007 })
    stand.discord.people.blockDms({ as: users.ada, blocked: false })
    stand.discord.people.leave({ as: users.ada })
    expect(await dm()).toMatchObject({ status: 403, code: 50007 })
    stand.discord.people.join({ as: users.ada })
    expect((await dm()).status).toBe(200)
  })
})

describe("attachments", () => {
  const upload = async (names: string[], extra: object = {}) => {
    const form = new FormData()
    form.set("payload_json", JSON.stringify({ content: "See", ...extra }))
    for (const [place, name] of names.entries())
      form.set(`files[${place}]`, new File([`content of ${name}`], name, { type: "text/plain" }))
    return call("POST", messages, { form })
  }
  const attachments = (body: unknown): { url: string; filename: string }[] =>
    typeof body === "object" && body !== null && "attachments" in body && Array.isArray(body.attachments)
      ? body.attachments
      : []

  test("are uploaded, and downloaded by a link that expires", async () => {
    const sent = await upload(["my log.txt", "b.txt"], { attachments: [{ id: 1, description: "The second" }] })
    expect(sent).toMatchObject({
      status: 200,
      body: {
        attachments: [
          { filename: "my_log.txt", title: "my log", size: 21, content_type: "text/plain" },
          { filename: "b.txt", description: "The second" },
        ],
      },
    })
    const [file] = attachments(sent.body)
    const url = file?.url ?? ""
    expect(url).toMatch(
      /\/discord\/cdn\/attachments\/\d+\/\d+\/my_log\.txt\?ex=[0-9a-f]+&is=[0-9a-f]+&hm=[0-9a-f]{64}&$/,
    )
    expect(await (await fetch(url)).text()).toBe("content of my log.txt")
    expect((await fetch(url.replace("hm=", "hm=0"))).status).toBe(404)
    stand.pass(86_400_001)
    expect((await fetch(url)).status).toBe(404)
    const again = attachments((await call("GET", `${messages}/${sent.id}`)).body)
    expect((await fetch(again[0]?.url ?? "")).status).toBe(200)
    stand.discord.world.cdn.expireLinks()
    expect((await fetch(again[0]?.url ?? "")).status).toBe(404)
  })

  test("are gone with their message, and dropped by an edit that does not name them", async () => {
    const sent = await upload(["a.txt", "b.txt"])
    const [first] = attachments(sent.body)
    const id = first?.url.split("/").at(-2)
    const edited = await call("PATCH", `${messages}/${sent.id}`, { body: { attachments: [{ id }] } })
    expect(attachments(edited.body)).toMatchObject([{ filename: "a.txt" }])
    await call("DELETE", `${messages}/${sent.id}`)
    expect((await fetch(first?.url ?? "")).status).toBe(404)
  })

  test("are refused when too large or too many, and taken from people alike", async () => {
    const form = new FormData()
    form.set("files[0]", new File([new Uint8Array(10 * 1024 * 1024 + 1)], "big.bin"))
    expect(await call("POST", messages, { form })).toMatchObject({ status: 413, code: 40005 })
    const many = Array.from({ length: 11 }, (_, n) => `${n}.txt`)
    expect(await upload(many)).toMatchObject({ status: 400, code: 50035 })
    const bytes = new TextEncoder().encode("<script>alert(1)</script>")
    const file = { name: `<img src=x onerror=alert(1)>".svg`, contentType: "image/svg+xml", bytes }
    const { id } = stand.discord.people.say({ as: users.ada, channel: channels.welcome, files: [file] })
    const [shown] = attachments((await call("GET", `${messages}/${id}`)).body)
    const response = await fetch(shown?.url ?? "")
    expect(response.headers.get("content-disposition")).toBe("attachment")
    expect(response.headers.get("content-security-policy")).toContain("sandbox")
  })
})

test("ids are snowflakes of the clock, each larger than the one before", async () => {
  const ids = Array.from({ length: 50 }, (_, n) => BigInt(say(`m${n}`).id))
  expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => (a < b ? -1 : 1)))
  const second = Number((ids[0] ?? 0n) >> 22n) + 1_420_070_400_000
  expect(Math.abs(second - stand.discord.world.now().getTime())).toBeLessThan(1000)
})
