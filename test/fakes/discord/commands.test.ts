import { PermissionFlagsBits } from "discord-api-types/v10"
import { beforeEach, describe, expect, test } from "vitest"
import { defaultIds } from "./model/defaultGuild.ts"
import { useDiscord } from "./support/useDiscord.ts"

const stand = useDiscord()
const { app, call } = stand
const { users, channels } = defaultIds
const application = "/applications/100000000000000001"
const ofGuild = `${application}/guilds/100000000000000002/commands`
const channel = channels.support

const ticket = {
  name: "ticket",
  description: "Work with tickets",
  options: [
    {
      type: 1,
      name: "reply",
      description: "Send a canned reply",
      options: [
        { type: 3, name: "canned", description: "Which", required: true, autocomplete: true },
        { type: 6, name: "to", description: "Whom" },
        { type: 4, name: "priority", description: "How much", min_value: 1, max_value: 3 },
        { type: 11, name: "file", description: "What" },
      ],
    },
  ],
}
const staffOnly = {
  name: "customer",
  description: "Look somebody up",
  default_member_permissions: String(PermissionFlagsBits.ManageMessages),
  options: [{ type: 3, name: "plan", description: "Which", choices: [{ name: "Pro", value: "pro" }] }],
}
const menus = [
  { name: "Open ticket from message", type: 3 },
  { name: "Look up", type: 2 },
]

beforeEach(async () => {
  app.answers(() => ({ type: 4, data: { content: "Done" } }))
  expect((await call("PUT", ofGuild, { body: [ticket, staffOnly, ...menus] })).status).toBe(200)
})

test("commands are replaced as a whole; those of the same name keep their id", async () => {
  const before = (await call("GET", ofGuild)).body
  expect(before).toMatchObject([{ name: "ticket", type: 1 }, { name: "customer" }, { type: 3 }, { type: 2 }])
  const after = (await call("PUT", ofGuild, { body: [staffOnly] })).body
  const id = Array.isArray(before) ? before[1]?.id : undefined
  expect(after).toMatchObject([{ id, name: "customer", default_member_permissions: "8192" }])
  expect((await call("PUT", `${application}/commands`, { body: [ticket] })).body).toMatchObject([{ name: "ticket" }])
  expect((await call("GET", ofGuild)).body).toHaveLength(1)
  expect(await call("PUT", "/applications/7/commands", { body: [] })).toMatchObject({ status: 404, code: 10002 })
})

test.each([
  ["capital letters", [{ name: "Ticket", description: "x" }]],
  ["no description", [{ name: "ticket" }]],
  ["a long description", [{ name: "ticket", description: "x".repeat(101) }]],
  ["a name twice", [ticket, ticket]],
  ["an unknown option", [{ ...ticket, options: [{ type: 12, name: "a", description: "b" }] }]],
  [
    "something required last",
    [
      {
        ...ticket,
        options: [
          { type: 3, name: "a", description: "b" },
          { type: 3, name: "c", description: "d", required: true },
        ],
      },
    ],
  ],
])("a command with %s is refused", async (_, body) => {
  expect(await call("PUT", ofGuild, { body })).toMatchObject({ status: 400, code: 50035 })
})

describe("a person", () => {
  test("runs a command with options below their subcommand", async () => {
    const sent = await stand.discord.people.command({
      as: users.sam,
      channel,
      name: "/ticket reply",
      options: { canned: "hello", to: users.ada, priority: "2" },
      files: { file: { name: "a.txt", contentType: "text/plain", bytes: new Uint8Array([65]) } },
    })
    expect(sent).toMatchObject({ outcome: "answered", label: "/ticket reply" })
    expect(app.last()).toMatchObject({
      type: 2,
      data: {
        name: "ticket",
        type: 1,
        guild_id: "100000000000000002",
        options: [
          {
            name: "reply",
            type: 1,
            options: [
              { name: "canned", type: 3, value: "hello" },
              { name: "to", type: 6, value: users.ada },
              { name: "priority", type: 4, value: 2 },
              { name: "file", type: 11, value: expect.stringMatching(/^\d+$/) },
            ],
          },
        ],
        resolved: { users: { [users.ada]: { username: "ada.example" } }, attachments: expect.any(Object) },
      },
    })
  })

  test("is offered choices while typing, and only those that the application may send", async () => {
    app.answers(() => ({ type: 8, data: { choices: [{ name: "Hello", value: "hello" }] } }))
    const typing = { as: users.sam, channel, name: "ticket reply", options: { canned: "he" }, focused: "canned" }
    const { choices } = await stand.discord.people.autocomplete(typing)
    expect(choices).toEqual([{ name: "Hello", value: "hello" }])
    expect(app.last()).toMatchObject({
      type: 4,
      data: { options: [{ name: "reply", options: [{ name: "canned", value: "he", focused: true }] }] },
    })
    const many = Array.from({ length: 26 }, (_, n) => ({ name: `n${n}`, value: `v${n}` }))
    app.answers(() => ({ type: 8, data: { choices: many } }))
    expect((await stand.discord.people.autocomplete(typing)).interaction.outcome).toBe("not valid")
  })

  test("uses commands of a message's and a member's menu", async () => {
    const { people } = stand.discord
    const { id } = people.say({ as: users.ada, channel: channels.welcome, content: "It is broken" })
    const where = { as: users.sam, channel: channels.welcome }
    await people.menuCommand({ ...where, name: "Open ticket from message", target: id })
    expect(app.last()).toMatchObject({
      data: { type: 3, target_id: id, resolved: { messages: { [id]: { content: "It is broken" } } } },
    })
    await people.menuCommand({ ...where, name: "Look up", target: users.ada })
    expect(app.last()).toMatchObject({
      data: { type: 2, target_id: users.ada, resolved: { users: { [users.ada]: {} }, members: { [users.ada]: {} } } },
    })
  })

  test.each([
    ["a command that there is not", { name: "nothing" }, 'no command "nothing"'],
    ["a command without its subcommand", { name: "ticket" }, "needs one of: reply"],
    ["a subcommand that there is not", { name: "ticket drop" }, 'has no "drop"'],
    ["nothing where something is required", { name: "ticket reply" }, '"canned" is required'],
    ["an unknown option", { name: "ticket reply", options: { canned: "a", x: "y" } }, 'no option "x"'],
    ["a number out of range", { name: "ticket reply", options: { canned: "a", priority: 9 } }, "takes a number"],
    ["what is no choice", { name: "customer", options: { plan: "free" } }, "not among the choices"],
  ])("cannot send %s", async (_, use, why) => {
    await expect(stand.discord.people.command({ as: users.sam, channel, ...use })).rejects.toThrow(why)
    expect(app.received).toEqual([])
  })

  test("is not offered what their role does not permit", async () => {
    const use = { channel, name: "customer" }
    await expect(stand.discord.people.command({ ...use, as: users.ada })).rejects.toThrow("no command")
    expect(await stand.discord.people.command({ ...use, as: users.sam })).toMatchObject({ outcome: "answered" })
  })
})
