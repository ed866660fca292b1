import { beforeEach, describe, expect, test } from "vitest"
import { useFakes } from "../support/useFakes.ts"
import { defaultIds } from "./model/defaultGuild.ts"
import { application } from "./support/application.ts"
import { bot } from "./support/bot.ts"

const app = application()
let clock = Date.now()
const stand = useFakes({
  deliver: app.deliver,
  now: () => new Date(clock),
  discord: { rateLimits: false, answerWithinMs: 150 },
})
const call = bot(() => stand.fakes.url)
const { users, channels } = defaultIds
const webhook = "/webhooks/100000000000000001"
beforeEach(() => {
  app.received.length = 0
  clock = Date.now()
})

const panel = {
  content: "Need help?",
  components: [{ type: 1, components: [{ type: 2, style: 1, label: "Open a ticket", custom_id: "ticket.open" }] }],
}
const postPanel = async (): Promise<string> => {
  const { status, body, id } = await call("POST", `/channels/${channels.support}/messages`, { body: panel })
  expect([status, body]).toMatchObject([200, { content: "Need help?" }])
  return id
}
const pressPanel = async (as: string = users.ada) =>
  stand.fakes.discord.people.press({
    as,
    channel: channels.support,
    message: await postPanel(),
    customId: "ticket.open",
  })
const messages = () => stand.fakes.discord.world.store.conversation(channels.support)

describe("a pressed button", () => {
  test("is sent signed, with who pressed it, where, and what they may do", async () => {
    app.answers(() => ({ type: 4, data: { content: "Hello", flags: 64 } }))
    const pressed = await pressPanel()
    expect(pressed).toMatchObject({ outcome: "answered", answerType: 4, status: 200 })
    expect(app.last()).toMatchObject({
      id: pressed.id,
      type: 3,
      application_id: "100000000000000001",
      guild_id: "100000000000000002",
      channel_id: channels.support,
      member: { user: { id: users.ada, global_name: "Ada Example" }, permissions: expect.stringMatching(/^\d+$/) },
      message: { content: "Need help?", author: { id: users.bot } },
      data: { custom_id: "ticket.open", component_type: 2 },
      version: 1,
    })
  })

  test("may be answered with a message for its presser alone, which the bot's list does not show", async () => {
    app.answers(() => ({ type: 4, data: { content: "Only you", flags: 64 } }))
    await pressPanel()
    expect(messages().at(-1)).toMatchObject({ content: "Only you", flags: 64, ephemeral_for: users.ada })
    const { body } = await call("GET", `/channels/${channels.support}/messages`)
    expect(body).toMatchObject([{ content: "Need help?" }])
    expect(body).toHaveLength(1)
  })

  test("may be answered by changing its message, or not at all for now", async () => {
    app.answers(() => ({ type: 7, data: { content: "Closed", components: [] } }))
    await pressPanel()
    expect(messages()).toMatchObject([{ content: "Closed", components: [] }])
    app.answers(() => ({ type: 6 }))
    const { token } = await pressPanel()
    await call("PATCH", `${webhook}/${token}/messages/@original`, { body: { content: "Changed later" } })
    expect(messages().at(-1)).toMatchObject({ content: "Changed later" })
  })

  test("that gets no answer in time fails, and a later answer is not taken but measured", async () => {
    app.answers(async () => {
      await new Promise((resolve) => setTimeout(resolve, 250))
      return { type: 4, data: { content: "Too late" } }
    })
    const pressed = await pressPanel()
    expect(pressed).toMatchObject({ outcome: "did not respond", problem: "The application did not respond" })
    await stand.fakes.discord.settled()
    expect(pressed.milliseconds).toBeGreaterThanOrEqual(250)
    expect(pressed.outcome).toBe("did not respond")
    expect(messages().some(({ content }) => content === "Too late")).toBe(false)
    expect(await call("POST", `${webhook}/${pressed.token}`, { body: { content: "x" } })).toMatchObject({
      status: 404,
      code: 10015,
    })
  })

  test.each([
    ["a type that does not fit", { type: 8, data: { choices: [] } }],
    ["an unknown type", { type: 99 }],
    ["a message without content", { type: 4, data: {} }],
    ["a content that is too long", { type: 4, data: { content: "x".repeat(2001) } }],
    ["a modal without a title", { type: 9, data: { custom_id: "a", components: [] } }],
    [
      "a modal whose inputs share an id",
      {
        type: 9,
        data: {
          custom_id: "m",
          title: "T",
          components: [1, 2].map((n) => ({
            type: 18,
            label: `L${n}`,
            component: { type: 4, custom_id: "same", style: 1 },
          })),
        },
      },
    ],
    [
      "content along with Components V2",
      { type: 4, data: { content: "x", flags: 32768, components: [{ type: 10, content: "y" }] } },
    ],
  ])("refuses %s", async (_, wrong) => {
    app.answers(() => wrong)
    expect(await pressPanel()).toMatchObject({ outcome: "not valid", problem: expect.stringContaining("Error") })
  })

  test("is offered only to those who see it", async () => {
    const { people } = stand.fakes.discord
    const message = await postPanel()
    const use = { channel: channels.support, message, customId: "ticket.open" }
    await expect(people.press({ ...use, as: "1" })).rejects.toThrow("Missing Access")
    await expect(people.press({ ...use, as: users.ada, customId: "other" })).rejects.toThrow('no "other"')
    people.leave({ as: users.ada })
    await expect(people.press({ ...use, as: users.ada })).rejects.toThrow("Missing Access")
  })
})

describe("a deferred answer", () => {
  const defer = async (flags = 64) => {
    app.answers(() => ({ type: 5, data: { flags } }))
    return pressPanel()
  }

  test("shows that the application thinks, then what it edits in", async () => {
    const { token } = await defer()
    expect(messages().at(-1)).toMatchObject({ flags: 64 | 128, ephemeral_for: users.ada })
    const edited = await call("PATCH", `${webhook}/${token}/messages/@original`, { body: { content: "Done" } })
    expect(edited).toMatchObject({ status: 200, body: { content: "Done", flags: 64, edited_timestamp: null } })
    const more = await call("POST", `${webhook}/${token}`, { body: { content: "More", flags: 64 } })
    expect(more).toMatchObject({ status: 200, body: { content: "More", flags: 64 } })
    expect(messages().slice(-2)).toMatchObject([{ content: "Done" }, { content: "More", ephemeral_for: users.ada }])
    expect((await call("DELETE", `${webhook}/${token}/messages/@original`)).status).toBe(204)
    expect(messages().at(-1)).toMatchObject({ content: "More" })
  })

  test("takes the first follow-up as its content, and stays as hidden as it was", async () => {
    const { token } = await defer(0)
    await call("POST", `${webhook}/${token}`, { body: { content: "Here", flags: 64 } })
    expect(messages()).toHaveLength(2)
    expect(messages().at(-1)).toMatchObject({ content: "Here", flags: 0 })
  })

  test("can be edited for 15 minutes", async () => {
    const { token } = await defer()
    const edit = () => call("PATCH", `${webhook}/${token}/messages/@original`, { body: { content: "Done" } })
    clock += 15 * 60_000
    expect((await edit()).status).toBe(200)
    clock += 1
    expect(await edit()).toMatchObject({ status: 401, code: 50027 })
    expect(await call("POST", `${webhook}/none`, { body: { content: "x" } })).toMatchObject({
      status: 404,
      code: 10015,
    })
  })

  test("may come by the callback, which needs no token of the bot", async () => {
    app.answers(({ id, token }) => {
      const body = { type: 4, data: { content: "By callback", flags: 64 } }
      setTimeout(
        () => void call("POST", `/interactions/${id}/${token}/callback`, { body, headers: { authorization: "" } }),
        20,
      )
    })
    expect(await pressPanel()).toMatchObject({ status: 202, outcome: "answered", answerType: 4 })
    expect(messages().at(-1)).toMatchObject({ content: "By callback", ephemeral_for: users.ada })
    app.answers(() => undefined)
    expect(await pressPanel()).toMatchObject({ outcome: "did not respond" })
  })

  test("is given once", async () => {
    const { id, token } = await defer()
    const again = await call("POST", `/interactions/${id}/${token}/callback`, {
      body: { type: 4, data: { content: "Twice" } },
      headers: { authorization: "" },
    })
    expect(again).toMatchObject({ status: 400, code: 40060 })
    expect(await call("POST", `/interactions/1/${token}/callback`, { body: { type: 6 } })).toMatchObject({
      code: 10062,
    })
  })
})

describe("in direct messages", () => {
  test("a button is pressed by the user, also after they left the guild", async () => {
    const dm = await call("POST", "/users/@me/channels", { body: { recipient_id: users.ada } })
    const { id } = await call("POST", `/channels/${dm.id}/messages`, { body: panel })
    stand.fakes.discord.people.leave({ as: users.ada })
    app.answers(() => ({ type: 7, data: { content: "Thank you", components: [] } }))
    const use = { channel: dm.id, message: id, customId: "ticket.open" }
    const pressed = await stand.fakes.discord.people.press({ ...use, as: users.ada })
    expect(pressed).toMatchObject({ outcome: "answered", answerType: 7 })
    expect(app.last()).toMatchObject({ user: { id: users.ada }, channel: { id: dm.id, type: 1 }, context: 1 })
    expect(app.last()).not.toHaveProperty("member")
    expect(app.last()).not.toHaveProperty("guild_id")
    await expect(stand.fakes.discord.people.press({ ...use, as: users.ben })).rejects.toThrow("Missing Access")
  })
})

describe("what was deleted meanwhile", () => {
  test("takes no answer", async () => {
    const { people } = stand.fakes.discord
    app.answers(() => {
      people.deleteChannel({ channel: channels.support })
      return { type: 4, data: { content: "Hello", flags: 64 } }
    })
    expect(await pressPanel()).toMatchObject({
      outcome: "not valid",
      problem: expect.stringContaining("Unknown Channel"),
    })
    stand.fakes.reset()
    app.answers(() => ({ type: 5, data: { flags: 64 } }))
    const { token } = await pressPanel()
    people.deleteChannel({ channel: channels.support })
    const edit = await call("PATCH", `${webhook}/${token}/messages/@original`, { body: { content: "x" } })
    expect(edit).toMatchObject({ status: 404, code: 10008 })
  })
})

describe("the endpoint", () => {
  test("is pinged with good and bad signatures, as Discord does", async () => {
    const checks = await stand.fakes.discord.people.checkEndpoint()
    expect(checks.map(({ tampering, status, right }) => [tampering, status, right])).toEqual([
      ["none", 200, true],
      ["wrongSignature", 401, true],
      ["noSignature", 401, true],
      ["malformedSignature", 401, true],
      ["oldStamp", 401, true],
      ["changedBody", 401, true],
    ])
  })

  test("gets a replayed interaction byte for byte", async () => {
    app.answers(() => ({ type: 6 }))
    const { id } = await pressPanel()
    expect(await stand.fakes.discord.people.replay({ interaction: id })).toMatchObject({ status: 200 })
    expect(app.received.map((each) => each.id)).toEqual([id, id])
  })

  test("gets fifty presses at once, each with an id of its own", async () => {
    const message = await postPanel()
    app.answers(() => ({ type: 6 }))
    const { people } = stand.fakes.discord
    const press = () => people.press({ as: users.ada, channel: channels.support, message, customId: "ticket.open" })
    const pressed = await Promise.all(Array.from({ length: 50 }, press))
    expect(new Set(pressed.map(({ id }) => id)).size).toBe(50)
    expect(pressed.every(({ outcome }) => outcome === "answered")).toBe(true)
  })
})
