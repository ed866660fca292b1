import { sql } from "drizzle-orm"
import { beforeEach, expect, test, vi } from "vitest"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { setUpDiscord } from "../../shared/support/setup/setUpDiscord.ts"
import { createDiscordRest } from "../../shared/vendors/discord/discordRest.ts"
import { discordIdentity } from "../fakes/discord/identity.ts"
import type { Interaction } from "../fakes/discord/interactions/interaction.ts"
import { defaultIds } from "../fakes/discord/model/defaultGuild.ts"
import { useFakes } from "../fakes/support/useFakes.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useDiscordWorker } from "../support/useDiscordWorker.ts"

const database = useDatabase()
const { db } = database
const stand = useFakes({
  discord: { rateLimits: false },
  deliver: (_vendor, { headers, body }) => worker.post(body, headers),
})
const apiBase = () => `${stand.fakes.url}/discord/api/v10`
/** The Worker as it is deployed, with its own handlers. */
const worker = useDiscordWorker(
  database,
  {
    ...discordIdentity,
    get apiBase() {
      return apiBase()
    },
  },
  "workers/discord/index.ts",
)
const { users, channels, roles } = defaultIds
const channel = channels.support
const people = () => stand.fakes.discord.people
const said = () => stand.fakes.discord.world.store.conversation(channel).filter((each) => !each.ephemeral_for)
const panel = () => said().findLast(({ components }) => JSON.stringify(components).includes("ticket.open"))?.id ?? ""
const roundTrip = 1500

beforeEach(async () => {
  const discord = createDiscordRest({
    token: discordIdentity.botToken,
    applicationId: discordIdentity.applicationId,
    apiBase: apiBase(),
    release: "test",
  })
  const ctx = {
    ...testContext({ db, now: new Date(), vendors: { discord } }),
    config: { guildId: discordIdentity.guildId },
  }
  await db.execute(sql`truncate tickets, discord_interactions, ticket_categories, settings cascade`)
  await seedSupport(ctx)
  const report = await setUpDiscord(ctx)
  expect(report.problems).toEqual([])
  expect(roles.support).toBeTruthy()
  // The Worker has answered before.
  await open(users.ada)
  await db.execute(sql`truncate tickets, discord_interactions cascade`)
})

const description = "My server is down."
const open = (as: string) => people().press({ as, channel, message: panel(), customId: "ticket.open" })
const choose = (as: string) =>
  people().choose({ as, channel, message: panel(), customId: "ticket.category", values: ["technical"] })
const fill = (as: string, form: Interaction) =>
  people().submitModal({ as, interaction: form.id, values: { category: "technical", description } })
const command = (as: string) => people().command({ as, channel, name: "ticket note", options: { text: "Look at it" } })
const type = async (as: string) =>
  (await people().autocomplete({ as, channel, name: "ticket category", options: { name: "te" }, focused: "name" }))
    .interaction

/** What whoever acted reads in the end. */
const readsLater = (sent: Interaction) =>
  vi.waitFor(
    () => {
      const content = stand.fakes.discord.world.store.messages.get(sent.original ?? "")?.content ?? ""
      if (content === "") throw new Error("Nobody has been told yet.")
      return content
    },
    { timeout: 60_000, interval: 100 },
  )

const inTime = (sent: Interaction) => {
  expect(sent).toMatchObject({ outcome: "answered" })
  expect(sent.milliseconds).toBeLessThan(3000)
}

test.each<[string, (as: string) => Promise<Interaction>, number]>([
  ["a press of the panel's button", open, 9],
  ["a choice of the panel's list", choose, 9],
  ["a command", command, 5],
  ["choices while somebody types", type, 8],
])("%s is answered within 3 seconds while a round trip to the database takes 1.5", async (_name, act, answerType) => {
  worker.slow.milliseconds = roundTrip
  const sent = await act(users.sam)
  inTime(sent)
  expect(sent.answerType).toBe(answerType)
  if (answerType === 8) expect(sent.choices).not.toEqual([])
})

test("a form is acknowledged within 3 seconds while a round trip takes 1.5, and becomes a ticket", async () => {
  const form = await open(users.ada)
  worker.slow.milliseconds = roundTrip
  const sent = await fill(users.ada, form)
  inTime(sent)
  expect(sent.answerType).toBe(5)
  worker.slow.milliseconds = 0
  expect(await readsLater(sent)).toMatch(/^Your ticket #\d{4} is here/)
})

test("20 people who act at once are answered within 3 seconds each while a round trip takes 1.5", async () => {
  const forms = [await open(users.ada), await open(users.ben), await open(users.cleo)]
  worker.slow.milliseconds = roundTrip
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, index) => {
      const form = forms[index]
      if (form) return fill([users.ada, users.ben, users.cleo][index] ?? "", form)
      return [open, choose, command, type][index % 4]?.(users.sam) ?? open(users.sam)
    }),
  )
  for (const sent of all) inTime(sent)
  worker.slow.milliseconds = 0
  for (const sent of all.filter(({ answerType }) => answerType === 5)) expect(await readsLater(sent)).not.toBe("")
}, 90_000)

/** An answer that is the form, the choices or the promise of one, or that says what to do. */
function helps({ answerType, answer }: Interaction) {
  if (answerType !== 4) return expect([5, 6, 8, 9]).toContain(answerType)
  expect(JSON.stringify(answer)).toContain("Please try again in a moment")
}

test("of 50 who act at once in every way while a round trip takes 1.5 seconds, nobody is left without an answer that helps", async () => {
  const forms = await Promise.all(Array.from({ length: 10 }, () => open(users.ben)))
  worker.slow.milliseconds = roundTrip
  const all = await Promise.all(
    Array.from({ length: 50 }, (_, index) => {
      const form = forms[index]
      return form ? fill(users.ben, form) : ([open, choose, command, type][index % 4] ?? open)(users.sam)
    }),
  )
  for (const sent of all) {
    inTime(sent)
    helps(sent)
  }
  worker.slow.milliseconds = 0
  const later = await Promise.all(all.filter(({ answerType }) => answerType === 5).map(readsLater))
  expect(later.filter((content) => /^Your ticket #\d{4} is here/.test(content))).toHaveLength(1)
  expect((await db.execute(sql`select from tickets`)).rowCount).toBe(1)
}, 120_000)

test("50 people who press at once while a round trip takes 1.5 seconds all get the form", async () => {
  worker.slow.milliseconds = roundTrip
  const all = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      (index % 2 ? open : choose)([users.ada, users.ben, users.cleo][index % 3] ?? ""),
    ),
  )
  for (const sent of all) {
    inTime(sent)
    expect(sent.answerType).toBe(9)
    expect(JSON.stringify(sent.modal)).toContain("What can we do for you?")
  }
}, 60_000)
