import { beforeEach, expect, test, vi } from "vitest"
import { putCommands } from "../../shared/vendors/discord/application.ts"
import { createDiscordRest } from "../../shared/vendors/discord/discordRest.ts"
import { createMessage } from "../../shared/vendors/discord/messages.ts"
import { discordIdentity } from "../fakes/discord/identity.ts"
import { defaultIds } from "../fakes/discord/model/defaultGuild.ts"
import { useFakes } from "../fakes/support/useFakes.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useDiscordWorker } from "../support/useDiscordWorker.ts"

const database = useDatabase()
const stand = useFakes({
  discord: { rateLimits: false },
  deliver: (_vendor, { headers, body }) => worker.post(body, headers),
})
const apiBase = () => `${stand.fakes.url}/discord/api/v10`
const worker = useDiscordWorker(database, {
  publicKey: discordIdentity.publicKey,
  get apiBase() {
    return apiBase()
  },
})
const { users, channels } = defaultIds
const channel = channels.support

/** A message with a button for each custom id; its own id. */
async function postButtons(...ids: string[]): Promise<string> {
  const components = ids.map((custom_id) => ({ type: 2 as const, style: 1 as const, label: custom_id, custom_id }))
  const { id } = await createMessage(bot(), {
    channelId: channel,
    nonce: "buttons",
    message: { content: "Press", components: [{ type: 1, components }] },
  })
  return id
}
const bot = () =>
  createDiscordRest({
    token: discordIdentity.botToken,
    applicationId: discordIdentity.applicationId,
    apiBase: apiBase(),
    release: "test",
  })
const people = () => stand.fakes.discord.people
const conversation = () => stand.fakes.discord.world.store.conversation(channel)

beforeEach(async () => {
  await putCommands(bot(), {
    guildId: discordIdentity.guildId,
    commands: [
      { type: 1, name: "later", description: "Answers later" },
      {
        type: 1,
        name: "echo",
        description: "Answers",
        options: [{ type: 3, name: "text", description: "What", autocomplete: true }],
      },
    ],
  })
})

test("Discord's check of the endpoint passes: a pong to the good ping, 401 to every bad one", async () => {
  const checks = await people().checkEndpoint()
  expect(checks.map(({ label, right }) => [label, right])).toEqual(checks.map(({ label }) => [label, true]))
  expect(checks.length).toBeGreaterThan(3)
})

test("a button opens a modal, and what it is submitted with is answered in place", async () => {
  const message = await postButtons("modal:7")
  const pressed = await people().press({ as: users.ada, channel, message, customId: "modal:7" })
  expect(pressed).toMatchObject({ outcome: "answered", answerType: 9, modal: { custom_id: "form:7" } })
  const submitted = await people().submitModal({ as: users.ada, interaction: pressed.id, values: { text: "Help" } })
  expect(submitted).toMatchObject({ outcome: "answered", answerType: 5 })
  await vi.waitFor(
    () => expect(conversation().at(-1)).toMatchObject({ content: "form 7", flags: 64, ephemeral_for: users.ada }),
    { timeout: 15_000 },
  )
})

test("a command is finished later, choices are offered, and an update changes the message of the button", async () => {
  expect(await people().command({ as: users.sam, channel, name: "later" })).toMatchObject({ answerType: 5 })
  await vi.waitFor(() => expect(conversation().at(-1)).toMatchObject({ content: "done", ephemeral_for: users.sam }), {
    timeout: 15_000,
  })
  const typed = await people().autocomplete({
    as: users.sam,
    channel,
    name: "echo",
    options: { text: "re" },
    focused: "text",
  })
  expect(typed.choices).toEqual([{ name: "re", value: "re" }])
  const message = await postButtons("update:1", "update:fails")
  await people().press({ as: users.ada, channel, message, customId: "update:1" })
  const shown = () => conversation().find(({ id }) => id === message)
  await vi.waitFor(() => expect(shown()).toMatchObject({ content: "changed" }), { timeout: 15_000 })
  await people().press({ as: users.ada, channel, message, customId: "update:fails" })
  await vi.waitFor(
    () =>
      expect(conversation().at(-1)).toMatchObject({
        content: expect.stringContaining("Something went wrong"),
        ephemeral_for: users.ada,
      }),
    { timeout: 15_000 },
  )
  expect(shown()).toMatchObject({ content: "changed" })
})

test("a recorded interaction is turned away", async () => {
  const used = await people().command({ as: users.sam, channel, name: "echo", options: { text: "x" } })
  expect(used).toMatchObject({ outcome: "answered", answerType: 4 })
  expect(await people().replay({ interaction: used.id })).toMatchObject({ status: 401 })
})

test("with the database slow by 1.5 seconds nobody is told that the application did not respond", async () => {
  worker.slow.milliseconds = 1500
  const message = await postButtons("modal:1", "update:1")
  const outcomes = await Promise.all([
    people().press({ as: users.ada, channel, message, customId: "modal:1" }),
    people().press({ as: users.ben, channel, message, customId: "update:1" }),
    people().command({ as: users.sam, channel, name: "echo", options: { text: "x" } }),
  ])
  for (const { outcome, milliseconds } of outcomes) {
    expect(outcome).toBe("answered")
    expect(milliseconds).toBeLessThan(3000)
  }
})
