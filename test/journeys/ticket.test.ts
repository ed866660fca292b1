import { sql } from "drizzle-orm"
import { beforeAll, expect, test, vi } from "vitest"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { setUpDiscord } from "../../shared/support/setup/setUpDiscord.ts"
import { createDiscordRest } from "../../shared/vendors/discord/discordRest.ts"
import { discordIdentity } from "../fakes/discord/identity.ts"
import { defaultIds } from "../fakes/discord/model/defaultGuild.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useWorkers } from "../support/useWorkers.ts"

const database = useDatabase()
const { db } = database
const workers = useWorkers(database, ["discord", "jobs", "portal"])
const { users, channels } = defaultIds

beforeAll(async () => {
  const discord = createDiscordRest({
    token: discordIdentity.botToken,
    applicationId: discordIdentity.applicationId,
    apiBase: `${workers.fakes.url}/discord/api/v10`,
    release: "test",
  })
  const ctx = {
    ...testContext({ db, now: new Date(), vendors: { discord } }),
    config: { guildId: discordIdentity.guildId },
  }
  await seedSupport(ctx)
  expect((await setUpDiscord(ctx)).problems).toEqual([])
})

const discord = () => workers.fakes.discord
const people = () => discord().people
const said = (channelId: string) => discord().world.store.conversation(channelId)
const until = <Value>(read: () => Value | Promise<Value>, check: (value: Value) => void) =>
  vi.waitFor(async () => check(await read()), { timeout: 20_000, interval: 100 })
const rows = async (query: ReturnType<typeof sql>) => (await db.execute(query)).rows
const ticketRow = async () => (await rows(sql`select * from tickets order by number desc limit 1`))[0]

test("a person opens a ticket, staff claim and answer it, it is closed and rated, and the transcript is read", async () => {
  const [panel] = said(channels.support)
  const pressed = await people().press({
    as: users.ada,
    channel: channels.support,
    message: panel?.id ?? "",
    customId: "ticket.open",
  })
  expect(pressed.modal?.title).toBe("New ticket")
  const sent = await people().submitModal({
    as: users.ada,
    interaction: pressed.id,
    values: { category: "technical", description: "My server is down since this morning." },
    files: { files: [{ name: "log.txt", contentType: "text/plain", bytes: new TextEncoder().encode("error 1") }] },
  })
  expect(sent.outcome).toBe("answered")
  await until(ticketRow, (row) => expect(row?.status).toBe("open"))
  const opened = await ticketRow()
  const place = String(opened?.channel_id)
  const id = String(opened?.id)
  const [control] = said(place)
  expect(control?.content).toContain(`<@${users.ada}>`)

  // Somebody who is no staff cannot claim it; staff can.
  await people().press({ as: users.sam, channel: place, message: control?.id ?? "", customId: `ticket.claim:${id}` })
  await until(ticketRow, (row) => expect(row?.claimed_by).toBe(`discord:${users.sam}`))
  people().say({ as: users.sam, channel: place, content: "We are on it." })
  people().say({ as: users.ada, channel: place, content: "Thank **you**" })
  await db.execute(sql`update tickets set capture_at = now() - interval '1 minute' where id = ${id}`)
  await workers.runJob("tickets")
  await until(
    () =>
      rows(
        sql`select author_kind, content from ticket_messages where ticket_id = ${id} and origin <> 'form' and author_kind <> 'bot' order by sent_at`,
      ),
    (found) =>
      expect(found).toEqual([
        { author_kind: "staff", content: "We are on it." },
        { author_kind: "opener", content: "Thank **you**" },
      ]),
  )
  expect((await ticketRow())?.first_response_by).toBe(`discord:${users.sam}`)
  await until(
    () => rows(sql`select status from ticket_attachments where ticket_id = ${id}`),
    (found) => expect(found).toEqual([{ status: "stored" }]),
  )

  const closing = await people().press({
    as: users.sam,
    channel: place,
    message: control?.id ?? "",
    customId: `ticket.close:${id}`,
  })
  await people().submitModal({ as: users.sam, interaction: closing.id, values: { reason: "Restarted" } })
  await until(ticketRow, (row) => expect(row?.status).toBe("closed"))
  const goodbye = [...discord().world.store.messages.values()].find(({ content }) => content.includes("How did we do?"))
  const rating = await people().press({
    as: users.ada,
    channel: goodbye?.channel_id ?? "",
    message: goodbye?.id ?? "",
    customId: `ticket.rate:${id}:5`,
  })
  await people().submitModal({ as: users.ada, interaction: rating.id, values: { comment: "Quick!" } })
  await until(ticketRow, (row) => expect([row?.rating, row?.rating_comment]).toEqual([5, "Quick!"]))

  const link = /\/transcripts\/\S+/.exec(goodbye?.content ?? "")?.[0] ?? ""
  const transcript = await workers.fetch("portal", link)
  expect(transcript.status).toBe(200)
  const html = await transcript.text()
  for (const text of ["My server is down", "We are on it.", "log.txt"]) expect(html).toContain(text)
})
