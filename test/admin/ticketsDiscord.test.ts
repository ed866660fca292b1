import { sql } from "drizzle-orm"
import { beforeAll, expect, test, vi } from "vitest"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { setUpDiscord } from "../../shared/support/setup/setUpDiscord.ts"
import { createDiscordRest } from "../../shared/vendors/discord/discordRest.ts"
import { discordIdentity } from "../fakes/discord/identity.ts"
import { defaultIds } from "../fakes/discord/model/defaultGuild.ts"
import { screenshots } from "../support/browser.ts"
import { testContext } from "../support/testContext.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database, ["discord", "jobs", "webhooks"])
const { users, channels } = defaultIds

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
})

const people = () => admin.workers.fakes.discord.people
const said = (channelId: string) => admin.workers.fakes.discord.world.store.conversation(channelId)
const until = <Value>(read: () => Value | Promise<Value>, check: (value: Value) => void) =>
  vi.waitFor(async () => check(await read()), { timeout: 20_000, interval: 100 })
const ticketRow = async () =>
  (await db.execute<Record<string, unknown>>(sql`select * from tickets order by number desc limit 1`)).rows[0]

test("a ticket of Discord is answered, noted on, and closed in the staff pages while its opener writes in Discord", async () => {
  const [panel] = said(channels.support)
  const pressed = await people().press({
    as: users.ada,
    channel: channels.support,
    message: panel?.id ?? "",
    customId: "ticket.open",
  })
  await people().submitModal({
    as: users.ada,
    interaction: pressed.id,
    values: { category: "technical", description: "My server is down since this morning." },
  })
  await until(ticketRow, (row) => expect(row?.status).toBe("open"))
  const opened = await ticketRow()
  const [id, place, staffThread] = [opened?.id, opened?.channel_id, opened?.staff_thread_id].map(String)

  const { page, problems } = await admin.browser("support")
  await page.goto("/tickets")
  await page.getByRole("link", { name: "My server is down" }).first().click()
  await page.getByRole("button", { name: "Claim" }).click()
  await page.getByText("Local support claimed it").waitFor()

  const box = page.getByLabel("Message", { exact: true })
  await box.fill("We are **on it**.")
  await page.getByRole("button", { name: "Send reply" }).click()
  await page.getByText("We are on it.").waitFor()
  await until(
    () => said(place ?? "").flatMap(({ embeds }) => embeds),
    (embeds) =>
      expect(embeds).toContainEqual(
        expect.objectContaining({
          author: expect.objectContaining({ name: "Local support" }),
          description: "We are **on it**.",
        }),
      ),
  )
  await box.fill("They are on the old plan")
  await page.getByRole("button", { name: "Keep as internal note" }).click()
  await until(
    () => said(staffThread ?? "").map(({ embeds }) => embeds[0]?.description),
    (texts) => expect(texts).toContain("They are on the old plan"),
  )
  expect(JSON.stringify(said(place ?? ""))).not.toContain("old plan")

  // The page stays open: what the opener writes comes in by itself, and stays once.
  await box.fill("Half a reply")
  people().say({
    as: users.ada,
    channel: place ?? "",
    content: "It works again, <script>alert(1)</script> thank **you**",
  })
  await db.execute(sql`update tickets set capture_at = now() - interval '1 minute' where id = ${id}`)
  await admin.workers.runJob("tickets")
  await page.getByText("It works again, <script>alert(1)</script> thank you").waitFor({ timeout: 20_000 })
  expect(await box.inputValue()).toBe("Half a reply")
  expect(await page.locator(".message", { hasText: "We are on it." }).count()).toBe(1)
  await page.locator(".message.staff .badge", { hasText: "on its way" }).waitFor({ state: "detached", timeout: 20_000 })
  await expectAccessible(page)
  await screenshots(page, "tickets-discord")
  await page.reload()

  await page.getByLabel("Close, because").fill("Works again")
  await page.getByRole("button", { name: "Close ticket" }).click()
  await until(ticketRow, (row) => expect(row?.status).toBe("closed"))
  await page.goto(`/tickets/${id}`)
  await page.getByRole("button", { name: "Reopen" }).waitFor()
  await page.goto("/tickets/figures")
  await page.locator("tbody th", { hasText: "Local support" }).waitFor()
  expect(problems).toEqual([])
}, 120_000)
