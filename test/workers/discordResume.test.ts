import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { claimInteraction } from "../../shared/support/claimInteraction.ts"
import { unfinishedInteractions } from "../../shared/support/unfinishedInteractions.ts"
import { createDiscordRest } from "../../shared/vendors/discord/discordRest.ts"
import type { Handlers } from "../../workers/discord/handler.ts"
import { resumeInteraction } from "../../workers/discord/resumeInteraction.ts"
import { type DiscordApi, startDiscordApi } from "../support/discordApi.ts"
import { applicationId, command, guildId, modalSubmit } from "../support/discordInteractions.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { MemoryFiles } from "../support-tickets/useTicket.ts"

const { db } = useDatabase()
let api: DiscordApi
beforeAll(async () => {
  api = await startDiscordApi()
})
afterAll(() => api.close())
beforeEach(async () => {
  api.reset()
  api.script.answer = () => ({ json: { id: "5", channel_id: "1" } })
  await db.execute(sql`truncate discord_interactions`)
})

const contextOf = () => ({
  ...testContext({
    db,
    vendors: {
      discord: createDiscordRest({ token: "t", applicationId, apiBase: api.url, release: "1" }),
      files: new MemoryFiles(),
      resend: { send: () => Promise.reject(new Error("Nothing is mailed here.")) },
    },
  }),
  config: { publicKey: "", guildId, portalUrl: "http://127.0.0.1", linkSecret: "x" },
})

const done: string[] = []
const handlers: Handlers = {
  commands: [],
  autocompletes: [],
  components: [],
  modals: [
    {
      name: "form",
      defer: "ephemeral",
      async finish(ctx, { data }) {
        done.push(`${data.custom_id} by ${ctx.actor.kind === "discord" ? ctx.actor.userId : "nobody"}`)
        return { content: "done" }
      },
    },
  ],
}

test("what somebody died over is found after a minute, and finished in the name of whoever asked", async () => {
  const ctx = contextOf()
  const sent = modalSubmit("form:1")
  await claimInteraction(ctx, { id: sent.id, kind: "modal", name: "form", userId: "1", payload: sent })
  expect(await unfinishedInteractions(ctx, { limit: 10 })).toEqual([])
  ctx.clock.now = new Date(ctx.clock.now.getTime() + 61_000)
  expect(await unfinishedInteractions(ctx, { limit: 10 })).toEqual([sent.id])

  await resumeInteraction(ctx, handlers, sent.id)
  expect(done.splice(0)).toEqual(["form:1 by 100000000000000020"])
  expect(api.asked.map(({ path }) => path)).toEqual([`/webhooks/${applicationId}/${sent.token}/messages/@original`])
  expect(await unfinishedInteractions(ctx, { limit: 10 })).toEqual([])

  await resumeInteraction(ctx, handlers, sent.id)
  expect(done).toEqual([])
})

test.each([
  ["that nothing finishes any more", modalSubmit("gone")],
  ["that is none", { type: "nonsense" }],
  ["that is answered at once", command("echo")],
])("an interaction %s is left to staff whole, with the reason", async (_name, payload) => {
  const ctx = contextOf()
  await claimInteraction(ctx, { id: "77", kind: "modal", name: "gone", userId: "1", payload })
  await resumeInteraction(ctx, handlers, "77")
  const found = await db.execute(sql`
    select error, payload, failed_at is not null as failed from discord_interactions`)
  expect(found.rows).toEqual([{ error: "Nothing here finishes it any more.", payload, failed: true }])
  expect(await unfinishedInteractions(ctx, { limit: 10 })).toEqual([])
  expect(done).toEqual([])
})
