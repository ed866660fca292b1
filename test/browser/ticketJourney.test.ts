import { readFile } from "node:fs/promises"
import { createServer } from "node:http"
import { sql } from "drizzle-orm"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { setUpDiscord } from "../../shared/support/setup/setUpDiscord.ts"
import { createDiscordRest } from "../../shared/vendors/discord/discordRest.ts"
import { discordIdentity } from "../fakes/discord/identity.ts"
import { defaultIds } from "../fakes/discord/model/defaultGuild.ts"
import { screenshots, startBrowser } from "../support/browser.ts"
import { testContext } from "../support/testContext.ts"
import { insertTicket } from "../support/ticketRows.ts"
import { useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database, ["discord", "jobs", "portal"])
const { users, channels } = defaultIds
let browser: Browser
/** A browser reaches only one of the Workers by itself. */
const portal = createServer(async (request, response) => {
  const answer = await admin.workers.fetch("portal", request.url ?? "/")
  for (const name of ["content-type", "content-disposition", "content-security-policy"]) {
    const value = answer.headers.get(name)
    if (value !== null) response.setHeader(name, value)
  }
  response.writeHead(answer.status).end(await answer.text())
})
const portalUrl = () => {
  const address = portal.address()
  if (address === null || typeof address === "string") throw new Error("The portal is not reached yet.")
  return `http://127.0.0.1:${address.port}`
}

beforeAll(async () => {
  const discord = createDiscordRest({
    token: discordIdentity.botToken,
    applicationId: discordIdentity.applicationId,
    apiBase: `${admin.workers.fakes.url}/discord/api/v10`,
    release: "test",
  })
  const ctx = {
    ...testContext({ db, now: new Date(), vendors: { discord } }),
    config: { guildId: discordIdentity.guildId },
  }
  await seedSupport(ctx)
  expect((await setUpDiscord(ctx)).problems).toEqual([])
  // Somebody is there at any time, so that minutes are working minutes whenever this runs.
  const days = Array.from({ length: 7 }, () => ({ from: "00:00", until: "00:00" }))
  await db.execute(sql`
    insert into settings (name, value, updated_at) values ('supportHours', ${JSON.stringify({ timeZone: "UTC", days })}::jsonb, now())
    on conflict (name) do update set value = excluded.value`)
  browser = await startBrowser()
  await new Promise<void>((resolve) => portal.listen(0, "127.0.0.1", resolve))
})
afterAll(async () => {
  await browser?.close()
  portal.close()
})

/** Discord's stand-in, where a person plays anybody. */
async function discordAs(page: Page, user: string, channel?: string): Promise<void> {
  await page.goto(`${admin.workers.fakes.url}/discord?as=${user}${channel ? `&channel=${channel}` : ""}`)
}

/** Everything of the ticket happened so many minutes earlier. */
const letPass = async (minutes: number) => {
  const earlier = (...columns: string[]) =>
    sql.join(
      columns.map(
        (column) => sql`${sql.identifier(column)} = ${sql.identifier(column)} - make_interval(mins => ${minutes}::int)`,
      ),
      sql`, `,
    )
  await db.execute(
    sql`update tickets set ${earlier("opened_at", "claimed_at", "first_response_at", "last_message_at")}`,
  )
  await db.execute(sql`update ticket_messages set ${earlier("sent_at")}`)
  await db.execute(sql`update ticket_events set ${earlier("at")}`)
}

const openTicket = async () =>
  (await db.execute<{ id: string; channel_id: string }>(sql`select id, channel_id from tickets`)).rows[0]

const textFile = (name: string, text: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) })
/** Of the opener's form, of staff, of the opener's message. */
const attached = [
  ["crash.log", "out of memory"],
  ["how-to.txt", "empty the bin"],
  ["now.log", "all well"],
] as const

async function savedBy(page: Page, click: () => Promise<void>): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([page.waitForEvent("download"), click()])
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") }
}

test("a person plays opener and staff: open, claim, reply, attach, close, rate, read the transcript; figures match a hand count", async () => {
  const discord = await (await browser.newContext()).newPage()
  const { page: staff, problems } = await admin.browser("support")
  await db.execute(sql`update staff set discord_user_id = ${users.sam} where email = 'support@local.test'`)

  await discordAs(discord, users.ada, channels.support)
  await discord.getByRole("button", { name: "Open a ticket" }).click()
  const form = discord.getByRole("dialog", { name: "New ticket" })
  await form.getByLabel("Technical").check()
  await form.getByLabel("What can we do for you?").fill("My server is down since this morning.")
  await form.getByLabel("A file, if it helps").setInputFiles([textFile("crash.log", "out of memory")])
  await form.getByRole("button", { name: "Submit" }).click()
  const place = discord.locator("#channels a", { hasText: "ticket-" })
  await place.click()
  await discord.locator(".message", { hasText: "My server is down" }).waitFor()
  const ticket = await vi.waitFor(async () => {
    const found = await openTicket()
    if (!found?.channel_id) throw new Error("Its channel is not written down yet.")
    return found
  })

  await discordAs(discord, users.sam, ticket.channel_id)
  await discord.getByRole("button", { name: "Claim" }).click()
  await discord.getByRole("button", { name: /^Claimed by Local support: let go$|^Claimed by Sam/ }).waitFor()
  await letPass(20)

  await staff.goto("/tickets")
  await staff.getByRole("link", { name: "My server is down" }).click()
  await staff.getByLabel("Message", { exact: true }).fill("We are **on it**: the disk was full.")
  await staff.getByLabel("Files").setInputFiles([textFile("how-to.txt", "empty the bin")])
  await staff.getByRole("button", { name: "Send reply" }).click()
  const said = discord.locator(".message", { hasText: "We are on it: the disk was full." })
  await said.getByText("Local support").waitFor()
  const linkOfDiscord = (await said.getByRole("link", { name: "how-to.txt" }).getAttribute("href")) ?? ""
  expect((await fetch(linkOfDiscord)).status).toBe(200)
  await letPass(70)

  await discordAs(discord, users.ada, ticket.channel_id)
  await discord.getByLabel("Write as Ada Example").fill("It works again, thank you")
  await discord.getByLabel("Files").setInputFiles([textFile("now.log", "all well")])
  await discord.getByRole("button", { name: "Send", exact: true }).click()
  await discord.locator(".message", { hasText: "It works again" }).waitFor()
  await db.execute(sql`update tickets set capture_at = now() - interval '1 minute'`)
  await admin.workers.runJob("tickets")
  // Nobody has touched the page since: what is new comes in by itself.
  await staff
    .locator(".message", { hasText: "It works again, thank you" })
    .getByRole("link", { name: "now.log" })
    .waitFor()
  await screenshots(staff, "ticket-journey-ticket")
  await staff.setViewportSize({ width: 1280, height: 900 })
  await letPass(30)

  await staff.reload()
  await staff.getByLabel("Close, because").fill("The disk is larger now")
  await staff.getByRole("button", { name: "Close ticket" }).click()
  await discord.locator("#channels").getByRole("link", { name: "Ops HQ" }).click()
  const goodbye = discord.locator(".message", { hasText: "How did we do?" })
  await goodbye.getByRole("button", { name: "★★★★", exact: true }).click()
  const rating = discord.getByRole("dialog")
  await rating.getByRole("textbox").fill("Quick!")
  await rating.getByRole("button", { name: "Submit" }).click()
  await expect.poll(async () => (await db.execute(sql`select rating from tickets`)).rows).toEqual([{ rating: 4 }])

  // From here on files are had from our own store or not at all.
  admin.workers.fakes.discord.world.cdn.expireLinks()
  expect((await fetch(linkOfDiscord)).status).toBe(404)
  const reader = await (await browser.newContext()).newPage()
  const link = new URL((await goodbye.locator("a[href*='/transcripts/']").getAttribute("href")) ?? "")
  await reader.goto(`${portalUrl()}${link.pathname}`)
  const told = ["My server is down", "the disk was full", "It works again", "The disk is larger now", "4 of 5: Quick!"]
  for (const text of told) await reader.getByText(text).first().waitFor()
  for (const [name, text] of attached)
    expect(await savedBy(reader, () => reader.getByRole("link", { name }).click())).toEqual({ name, text })

  await staff.goto(`/tickets/${ticket.id}`)
  await staff.getByText("Rated 4 of 5").waitFor()
  for (const [name, text] of attached)
    expect(await savedBy(staff, () => staff.getByRole("link", { name }).click())).toEqual({ name, text })
  const transcript = await savedBy(staff, () => staff.getByRole("link", { name: "Transcript" }).click())
  for (const text of told) expect(transcript.text).toContain(text)
  for (const [name] of attached) expect(transcript.text).toContain(name)

  // Two more, of fixed times, so that a median and a p90 are not the same.
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000)
  await insertTicket(db, {
    categoryId: "billing",
    status: "closed",
    openedAt: ago(300),
    firstResponseAt: ago(250),
    firstResponseBy: `discord:${users.sam}`,
    claimedBy: `discord:${users.sam}`,
    closedAt: ago(100),
    rating: 2,
  })
  await insertTicket(db, { openedAt: ago(600) })

  // Played: answered after 20 minutes, closed after 20 + 70 + 30, rated 4. Answered after 50 minutes, closed after 200, rated
  // 2. Not answered within the 240 minutes that were promised.
  // Answers 20 and 50: median 35, p90 20 + 0.9 * 30. Resolutions 120 and 200: median 160, p90 120 + 0.9 * 80.
  await staff.goto("/tickets/figures")
  const figure = (label: string) => staff.locator(".figure", { hasText: label })
  for (const [label, ...texts] of [
    ["Tickets", "3", "1 open, 1 unanswered"],
    ["First response, median", "35 min", "p90 47 min"],
    ["Resolution, median", "2 h 40 min", "p90 3 h 12 min"],
    ["Late first responses", "1", "0 late resolutions"],
    ["Rating", "3.00", "2 ratings"],
  ] as const)
    for (const text of texts) await figure(label).getByText(text, { exact: true }).waitFor()
  const rows = await staff.locator("tbody tr").allInnerTexts()
  expect(rows.map((row) => row.split(/\s*\t\s*/))).toEqual([
    ["Technical", "2", "20 min", "20 min", "1", "2 h", "2 h", "0", "4.00 (1)"],
    ["Billing", "1", "50 min", "50 min", "0", "3 h 20 min", "3 h 20 min", "0", "2.00 (1)"],
    ["Local support", "2", "35 min", "47 min", "0", "2", "2 h 40 min", "3 h 12 min", "3.00 (2)"],
  ])
  expect(problems).toEqual([])
}, 60_000)
