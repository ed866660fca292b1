import { beforeEach, describe, expect, test } from "vitest"
import { defaultIds } from "./model/defaultGuild.ts"
import { useDiscord } from "./support/useDiscord.ts"

const stand = useDiscord()
const { app, call } = stand
const { users, channels } = defaultIds
const channel = channels.support

const label = (text: string, component: object) => ({ type: 18, label: text, component })
const options = (...values: string[]) => values.map((value) => ({ label: value.toUpperCase(), value }))
const modal = {
  custom_id: "ticket.opened",
  title: "Open a ticket",
  components: [
    label("Category", { type: 21, custom_id: "category", options: options("technical", "billing") }),
    label("What happened?", { type: 4, custom_id: "description", style: 2, min_length: 5, max_length: 4000 }),
    label("Servers", { type: 3, custom_id: "servers", options: options("a", "b"), max_values: 2, required: false }),
    label("Of whom", { type: 5, custom_id: "whom", required: false }),
    label("File", { type: 19, custom_id: "file", required: false }),
  ],
}
const panel = { components: [{ type: 1, components: [{ type: 2, style: 1, label: "Open", custom_id: "open" }] }] }
const file = { name: "log.txt", contentType: "text/plain", bytes: new TextEncoder().encode("log") }
const filled = { category: "technical", description: "It does not start" }

let opened = ""
let message = ""
beforeEach(async () => {
  message = (await call("POST", `/channels/${channel}/messages`, { body: panel })).id
  app.answers(() => ({ type: 9, data: modal }))
  const pressed = await stand.discord.people.press({ as: users.ada, channel, message, customId: "open" })
  expect(pressed.modal).toMatchObject({ title: "Open a ticket" })
  opened = pressed.id
  app.answers(() => ({ type: 5, data: { flags: 64 } }))
})

test("a filled modal is sent with every kind of input", async () => {
  const values = { ...filled, servers: ["a", "b"], whom: [users.ben] }
  const sent = await stand.discord.people.submitModal({
    as: users.ada,
    interaction: opened,
    values,
    files: { file: [file] },
  })
  expect(sent).toMatchObject({ outcome: "answered", answerType: 5 })
  const submitted = app.last()
  expect(submitted).toMatchObject({
    type: 5,
    message: { id: message },
    data: {
      custom_id: "ticket.opened",
      components: [
        { type: 18, component: { type: 21, custom_id: "category", value: "technical" } },
        { type: 18, component: { type: 4, custom_id: "description", value: "It does not start" } },
        { type: 18, component: { type: 3, custom_id: "servers", values: ["a", "b"] } },
        { type: 18, component: { type: 5, custom_id: "whom", values: [users.ben] } },
        { type: 18, component: { type: 19, custom_id: "file", values: [expect.stringMatching(/^\d+$/)] } },
      ],
      resolved: { users: { [users.ben]: { username: "ben.example" } } },
    },
  })
  const attachments = submitted.type === 5 ? Object.values(submitted.data.resolved?.attachments ?? {}) : []
  expect(attachments).toMatchObject([{ filename: "log.txt", size: 3, ephemeral: true }])
  expect(await (await fetch(attachments[0]?.url ?? "")).text()).toBe("log")
})

test("it can be sent once, by whom it was opened for, unless it was closed or not taken", async () => {
  const { people } = stand.discord
  const send = (as: string = users.ada) => people.submitModal({ as, interaction: opened, values: filled })
  await expect(send(users.ben)).rejects.toThrow("no such modal")
  app.answers(() => ({ type: 9, data: modal }))
  expect(await send()).toMatchObject({ outcome: "not valid" })
  app.answers(() => ({ type: 4, data: { content: "Thanks", flags: 64 } }))
  expect(await send()).toMatchObject({ outcome: "answered" })
  await expect(send()).rejects.toThrow("no such modal")
  app.answers(() => ({ type: 9, data: modal }))
  const again = await people.press({ as: users.ada, channel, message, customId: "open" })
  people.closeModal({ as: users.ada, interaction: again.id })
  await expect(people.submitModal({ as: users.ada, interaction: again.id, values: filled })).rejects.toThrow(
    "no such modal",
  )
})

describe("it cannot be sent with", () => {
  test.each([
    ["nothing in a required field", { category: "technical" }, "What happened?: This is required."],
    ["too little text", { ...filled, description: "x" }, "At least 5 characters."],
    ["too much text", { ...filled, description: "x".repeat(4001) }, "At most 4000 characters."],
    ["nothing chosen where it is required", { description: "It is broken" }, "Category: Between 1 and 1"],
    ["what is not among the choices", { ...filled, category: "other" }, "not among the choices"],
    ["a person that there is not", { ...filled, whom: ["1"] }, "not among the choices"],
  ])("%s", async (_, values, why) => {
    await expect(stand.discord.people.submitModal({ as: users.ada, interaction: opened, values })).rejects.toThrow(why)
  })

  test("more files than allowed", async () => {
    await expect(
      stand.discord.people.submitModal({
        as: users.ada,
        interaction: opened,
        values: filled,
        files: { file: [file, file] },
      }),
    ).rejects.toThrow("between 0 and 1 files")
  })
})

test.each([
  ["six components", { ...modal, components: [...modal.components, modal.components[0]] }],
  ["none", { ...modal, components: [] }],
  ["a long title", { ...modal, title: "x".repeat(46) }],
  ["a long label", { ...modal, components: [label("x".repeat(46), { type: 4, custom_id: "a", style: 1 })] }],
  ["a button", { ...modal, components: [label("x", { type: 2, custom_id: "a", style: 1, label: "b" })] }],
  ["an input outside a label", { ...modal, components: [{ type: 4, custom_id: "a", style: 1 }] }],
])("a modal with %s is not opened", async (_, wrong) => {
  app.answers(() => ({ type: 9, data: wrong }))
  const pressed = await stand.discord.people.press({ as: users.ada, channel, message, customId: "open" })
  expect(pressed).toMatchObject({ outcome: "not valid", modal: null })
})

test("a select menu in a message is chosen from", async () => {
  const select = { type: 3, custom_id: "priority", options: options("low", "high") }
  const people = { type: 5, custom_id: "assignee" }
  const rows = [select, people].map((each) => ({ type: 1, components: [each] }))
  const { id } = await call("POST", `/channels/${channel}/messages`, { body: { content: "Choose", components: rows } })
  app.answers(() => ({ type: 6 }))
  const use = { as: users.ada, channel, message: id }
  await stand.discord.people.choose({ ...use, customId: "priority", values: ["high"] })
  expect(app.last()).toMatchObject({ data: { custom_id: "priority", component_type: 3, values: ["high"] } })
  await stand.discord.people.choose({ ...use, customId: "assignee", values: [users.sam] })
  expect(app.last()).toMatchObject({ data: { values: [users.sam], resolved: { users: { [users.sam]: {} } } } })
  await expect(stand.discord.people.choose({ ...use, customId: "priority", values: ["x"] })).rejects.toThrow(
    "not among",
  )
})
