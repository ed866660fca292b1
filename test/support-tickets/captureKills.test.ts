import { sql } from "drizzle-orm"
import { afterAll, expect, test } from "vitest"
import { startNeonHttp } from "../../scripts/local/neonHttp.ts"
import { createDatabase } from "../../shared/db/client.ts"
import { captureTicket } from "../../shared/support/capture/captureTicket.ts"
import { selectDueCaptures } from "../../shared/support/capture/selectDueCaptures.ts"
import { selectDueFiles } from "../../shared/support/capture/selectDueFiles.ts"
import { storeAttachments } from "../../shared/support/capture/storeAttachments.ts"
import { startDiscordApi } from "../support/discordApi.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { people } from "./scriptedDiscord.ts"
import { openTicket } from "./useTicket.ts"

/** Calls of the database, of Discord and of the file store are counted; at one of them whoever works dies. */
const life = { working: false, call: 0, dies: (_call: number, _when: "before" | "after"): boolean => false }
const step = async (when: "before" | "after") => {
  if (!life.working) return
  if (when === "before") life.call++
  if (life.dies(life.call, when)) throw new Error(`died ${when} call ${life.call}`)
}

const database = useDatabase()
const neon = await startNeonHttp({ hooks: { before: () => step("before"), after: () => step("after") } })
const mortal = createDatabase({ url: database.url, httpEndpoint: neon.endpoint })
const cdn = await startDiscordApi()
afterAll(async () => {
  await neon.close()
  await cdn.close()
})

/** A ticket is talked in, looked at, its files copied, talked in again, looked at, and read to the end; who dies is followed. */
async function play(dies: typeof life.dies) {
  const opened = await openTicket(database.db)
  const { id, ctx, discord, channel, staffThread, files, pass, rows } = opened
  const file = (name: string) => ({ id: name, filename: name, size: 4, url: `${cdn.url}/${name}`, proxy_url: "" })
  cdn.script.answer = ({ path }) => (path.startsWith("/gone") ? { status: 404 } : { text: path.slice(0, 4) })
  discord.step = step
  const { put } = files
  files.put = async (...input) => {
    await step("before")
    await put.apply(files, input)
    await step("after")
  }
  const mortals = { ...ctx, db: mortal }
  life.call = 0
  life.dies = dies

  const carried = async (work: () => Promise<unknown>, isDue: () => Promise<string[]>) => {
    const working = async () => {
      life.working = true
      // Whoever died is not told of.
      await work().catch(() => {})
      life.working = false
    }
    await working()
    pass(10)
    if ((await isDue()).includes(id)) await working()
  }

  pass(1)
  discord.say(channel, "Welcome", { by: people.bot })
  const said = Array.from({ length: 115 }, (_, index) => {
    pass(0.01)
    return discord.say(
      channel,
      `Line ${index}`,
      index % 40 === 0 ? { attachments: [file(`${index === 40 ? "gone" : "kept"}-${id}-${index}`)] } : {},
    )
  })
  discord.say(staffThread, "Among us", { by: people.staff })
  await carried(
    () => captureTicket(mortals, { id }),
    () => selectDueCaptures(ctx, 10),
  )
  for (let round = 0; round < 2; round++)
    await carried(
      () => storeAttachments(mortals, { ticketId: id }),
      () => selectDueFiles(ctx, 10),
    )
  for (const message of said.filter((_, index) => index % 7 === 0)) discord.edit(message, `${message.content}, edited`)
  for (const message of said.filter((_, index) => index % 9 === 0)) discord.remove(message)
  pass(1)
  discord.say(channel, "I answer", { by: people.staff })
  await carried(
    () => captureTicket(mortals, { id }),
    () => selectDueCaptures(ctx, 10),
  )
  let calls = 0
  await carried(
    () => captureTicket(mortals, { id, final: true }),
    async () => {
      calls = life.call
      return [id]
    },
  )
  const kept = await rows(sql`
    select m.content, m.author_kind, m.internal, m.deleted_at is not null as deleted,
      (select array_agg(e.content order by e.until) from ticket_message_edits e where e.message_id = m.id) as earlier,
      (select array_agg(split_part(a.name, '-', 1) || ' ' || a.status) from ticket_attachments a where a.message_id = m.id) as files
    from ticket_messages m where ticket_id = ${id} order by external_id::numeric`)
  const [{ first_response_by, last_from, reread_to, error } = {}] = await rows(
    sql`select * from tickets where id = ${id}`,
  )
  return { calls, kept, files: files.files.size, ticket: { first_response_by, last_from, reread_to, error } }
}

test("whoever dies at any call of the database, Discord or the file store is followed, and nothing is lost or doubled", async () => {
  const whole = await play(() => false)
  expect(whole.kept).toHaveLength(118)
  expect(whole.kept.filter(({ deleted }) => deleted)).toHaveLength(13)
  expect(whole.kept.filter(({ earlier }) => earlier)).toHaveLength(15)
  expect(whole.files).toBe(2)
  expect(whole.ticket).toEqual({
    first_response_by: `discord:${people.staff}`,
    last_from: "staff",
    reread_to: null,
    error: null,
  })
  for (let call = 1; call <= whole.calls; call++)
    for (const when of ["before", "after"] as const) {
      const { calls: _, ...outcome } = await play((current, moment) => current === call && moment === when)
      const { calls: __, ...expected } = whole
      expect(outcome, `died ${when} call ${call}`).toEqual(expected)
    }
}, 300_000)
