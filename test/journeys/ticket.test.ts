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
  for (const text of ["My server is down", "We are on it.", "log.txt", "How did we do?"]) expect(html).toContain(text)
  const rate = (body: string) =>
    workers.fetch("portal", `${link}/rating`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body,
      redirect: "manual",
    })
  expect([(await rate("rating=9")).status, (await rate("rating=2&comment=Hm")).status]).toEqual([400, 303])
  await until(ticketRow, (row) => expect([row?.rating, row?.rating_comment]).toEqual([2, "Hm"]))
})

/** A new ticket of somebody's, once its place is there. */
async function openedBy(user: string, category: string) {
  const [panel] = said(channels.support)
  const pressed = await people().press({
    as: user,
    channel: channels.support,
    message: panel?.id ?? "",
    customId: "ticket.open",
  })
  await people().submitModal({ as: user, interaction: pressed.id, values: { category, description: "Please help." } })
  await until(ticketRow, (row) => expect([row?.opener_id, row?.status]).toEqual([user, "open"]))
  const row = await ticketRow()
  return { id: String(row?.id), place: String(row?.channel_id), staffThread: String(row?.staff_thread_id) }
}
const command = async (user: string, channel: string, sub: string, options: Record<string, string> = {}) => {
  const sent = await people().command({ as: user, channel, name: `ticket ${sub}`, options })
  await discord().settled()
  return sent
}

test("staff work on a ticket by commands; who is no staff is refused, and the opener says when it is solved", async () => {
  const { id, place, staffThread } = await openedBy(users.ben, "billing")
  await command(users.sam, place, "priority", { level: "urgent" })
  await command(users.sam, place, "note", { text: "Looks like the card." })
  await command(users.sam, place, "reply", { name: "where-invoices-are" })
  await until(
    () =>
      rows(
        sql`select internal, delivery from ticket_messages where ticket_id = ${id} and origin = 'admin' order by internal`,
      ),
    (found) =>
      expect(found).toEqual([
        { internal: false, delivery: "sent" },
        { internal: true, delivery: "sent" },
      ]),
  )
  expect(said(staffThread).some(({ embeds }) => JSON.stringify(embeds).includes("Looks like the card."))).toBe(true)
  expect(JSON.stringify(said(place))).toContain("Every invoice and your payment method")
  await command(users.sam, place, "add", { user: users.cleo })
  await expect(command(users.ben, place, "release")).rejects.toThrow()
  expect(await rows(sql`select priority from tickets where id = ${id}`)).toEqual([{ priority: "urgent" }])

  await command(users.sam, place, "ask-close")
  const asked = await vi.waitFor(() => {
    const found = said(place).find(({ content }) => content.includes("is this solved?"))
    if (!found) throw new Error("Nobody asked.")
    return found
  })
  await people().press({ as: users.ben, channel: place, message: asked.id, customId: `ticket.solved:${id}` })
  await until(ticketRow, (row) => expect([row?.status, row?.closed_by]).toEqual(["closed", `discord:${users.ben}`]))
  expect(
    (await rows(sql`select kind from ticket_events where ticket_id = ${id} order by at`)).map(({ kind }) => kind),
  ).toEqual(["opened", "reprioritised", "member_added", "close_asked", "closed"])
})

test("an account is linked by the code that was mailed to the customer, and by nothing else", async () => {
  const customerId = crypto.randomUUID()
  await db.execute(sql`
    insert into customers (id, stripe_id, email, name, created_at, synced_at, synced_order, digest)
    values (${customerId}, 'cus_cleo', 'cleo@customers.test', 'Cleo Customer', now(), now(), '', '')`)
  const { id } = await openedBy(users.cleo, "other")
  const link = async (email: string) => {
    const sent = await people().command({ as: users.cleo, channel: channels.support, name: "link", options: { email } })
    await discord().settled()
    return sent
  }
  await link("nobody@customers.test")
  expect(workers.fakes.mailbox.mails).toHaveLength(0)
  await link("Cleo@customers.test")
  await until(
    () => workers.fakes.mailbox.mails.length,
    (count) => expect(count).toBe(1),
  )
  const code = /(\d{4} \d{4})/.exec(workers.fakes.mailbox.mails[0]?.text ?? "")?.[1] ?? ""

  const enter = async (value: string) => {
    const button = [...discord().world.store.messages.values()].findLast(({ components }) =>
      JSON.stringify(components).includes("link.enter"),
    )
    const pressed = await people().press({
      as: users.cleo,
      channel: channels.support,
      message: button?.id ?? "",
      customId: "link.enter",
    })
    await people().submitModal({ as: users.cleo, interaction: pressed.id, values: { code: value } })
    await discord().settled()
  }
  await enter("0000 0000")
  expect(await rows(sql`select customer_id from discord_links`)).toEqual([])
  await enter(code)
  await until(
    () => rows(sql`select customer_id, user_id from discord_links`),
    (found) => expect(found).toEqual([{ customer_id: customerId, user_id: users.cleo }]),
  )
  expect(await rows(sql`select customer_id from tickets where id = ${id}`)).toEqual([{ customer_id: customerId }])
  expect(await rows(sql`select discord_name from customers where id = ${customerId}`)).toEqual([
    { discord_name: "Cleo Example" },
  ])
})
