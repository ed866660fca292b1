import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import type { Browser, Page } from "playwright-core"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { screenshots, startBrowser } from "../../support/browser.ts"
import { defaultIds } from "../discord/model/defaultGuild.ts"
import { useDiscord } from "../discord/support/useDiscord.ts"

const stand = useDiscord({ answerWithinMs: 400 })
const { app, call } = stand
const { users, channels } = defaultIds
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

const browsers: Browser[] = []
let page: Page
let plain: Page
beforeAll(async () => {
  const [scripted, unscripted] = [await startBrowser(), await startBrowser()]
  browsers.push(scripted, unscripted)
  page = await (await scripted.newContext()).newPage()
  plain = await (await unscripted.newContext({ javaScriptEnabled: false })).newPage()
  for (const each of [page, plain]) each.setDefaultTimeout(8000)
})
afterEach(() => Promise.all([page, plain].map((each) => each.goto("about:blank"))))
afterAll(() => Promise.all(browsers.map((browser) => browser.close())))

const label = (text: string, component: object) => ({ type: 18, label: text, component })
const modal = {
  custom_id: "ticket.opened",
  title: "Open a ticket",
  components: [
    label("Category", {
      type: 21,
      custom_id: "category",
      options: [
        { label: "Technical", value: "technical" },
        { label: "Billing", value: "billing" },
      ],
    }),
    label("What happened?", { type: 4, custom_id: "description", style: 2, min_length: 5 }),
    label("File", { type: 19, custom_id: "file", required: false }),
    label("Tell me by mail", { type: 23, custom_id: "mail" }),
  ],
}
const button = (text: string, custom_id: string) => ({ type: 2, style: 1, label: text, custom_id })
const reply = {
  name: "reply",
  description: "Send a canned reply",
  options: [{ type: 3, name: "canned", description: "Which", required: true, autocomplete: true }],
}

beforeEach(async () => {
  app.answers((interaction) => {
    if (interaction.type === 4) return { type: 8, data: { choices: [{ name: "Welcome", value: "welcome" }] } }
    if (interaction.type === 5) return { type: 4, data: { content: "Your ticket is open", flags: 64 } }
    if (interaction.type === 2) return { type: 4, data: { content: "Sent the reply" } }
    if (interaction.type === 3 && interaction.data.custom_id === "slow")
      return new Promise((resolve) => setTimeout(() => resolve({ type: 6 }), 600))
    return { type: 9, data: modal }
  })
  await call("PUT", "/applications/100000000000000001/guilds/100000000000000002/commands", { body: [reply] })
  await call("POST", `/channels/${channels.support}/messages`, {
    body: {
      content: "**Need help?** Press the button.",
      embeds: [{ title: "Support", fields: [{ name: "Hours", value: "9 to 18" }] }],
      components: [{ type: 1, components: [button("Open a ticket", "open"), button("Take your time", "slow")] }],
    },
  })
})

const address = (as: string, channel: string) => `${stand.fakes.url}/discord?as=${as}&channel=${channel}`
const file = { name: "server.log", mimeType: "text/plain", buffer: Buffer.from("started") }

async function openTicket(page: Page): Promise<void> {
  await page.goto(address(users.ada, channels.support))
  await page.getByRole("button", { name: "Open a ticket" }).click()
  const dialog = page.getByRole("dialog", { name: "Open a ticket" })
  await dialog.getByLabel("Technical").check()
  await dialog.getByLabel("What happened?").fill("It does not start")
  await dialog.getByLabel("File").setInputFiles([file])
  await dialog.getByLabel("Tell me by mail").check()
  await dialog.getByRole("button", { name: "Submit" }).click()
  await page.locator(".message", { hasText: "Your ticket is open" }).waitFor()
  await page.getByText("Only Ada Example sees this.").waitFor()
}

const submitted = () =>
  expect(app.last()).toMatchObject({
    type: 5,
    data: {
      components: [
        { component: { value: "technical" } },
        { component: { value: "It does not start" } },
        { component: { values: [expect.any(String)] } },
        { component: { value: true } },
      ],
      resolved: { attachments: expect.any(Object) },
    },
  })

describe.each([
  ["with script", true],
  ["without script", false],
])("%s", (_, javaScriptEnabled) => {
  const withPage = (work: (page: Page) => Promise<void>) => work(javaScriptEnabled ? page : plain)

  test("a person presses the button and fills the modal; nobody else sees the answer", () =>
    withPage(async (page) => {
      await openTicket(page)
      submitted()
      await page.goto(address(users.ben, channels.support))
      await page.getByRole("button", { name: "Open a ticket" }).waitFor()
      expect(await page.locator(".message", { hasText: "Your ticket is open" }).count()).toBe(0)
    }))

  test("people talk, with files, edit and delete what they wrote", () =>
    withPage(async (page) => {
      await page.goto(address(users.ada, channels.welcome))
      await page.getByLabel("Write as Ada Example").fill("Hello there")
      await page.getByLabel("Files").setInputFiles([file])
      await page.getByRole("button", { name: "Send", exact: true }).click()
      const message = page.locator(".message", { hasText: "Hello there" })
      await message.getByRole("link", { name: "server.log" }).waitFor()
      await message.getByText("More").click()
      await message.getByLabel("New text").fill("Hello again")
      await message.getByRole("button", { name: "Edit" }).click()
      await page.getByText("edited").waitFor()
      const edited = page.locator(".message", { hasText: "Hello again" })
      if (!(await edited.getByRole("button", { name: "Delete" }).isVisible())) await edited.getByText("More").click()
      await edited.getByRole("button", { name: "Delete" }).click()
      await page.getByText("Nothing here yet.").waitFor()
    }))

  test("staff run a command with a suggestion", () =>
    withPage(async (page) => {
      await page.goto(address(users.sam, channels.welcome))
      await page.getByText("/reply", { exact: true }).click()
      const field = page.locator("#command-reply input[list]")
      if (javaScriptEnabled) await field.pressSequentially("wel")
      else await page.getByRole("button", { name: "Suggest canned" }).click()
      await page.locator("#command-reply option[value=welcome]").waitFor({ state: "attached" })
      if (!javaScriptEnabled) await page.getByText("/reply", { exact: true }).click()
      await field.fill("welcome")
      await page.getByRole("button", { name: "Run /reply" }).click()
      await page.locator(".message", { hasText: "Sent the reply" }).waitFor()
      expect(app.last()).toMatchObject({ type: 2, data: { options: [{ name: "canned", value: "welcome" }] } })
    }))

  test("an answer that is late, a bad signature and a switch are seen", () =>
    withPage(async (page) => {
      await page.goto(address(users.ada, channels.support))
      await page.getByRole("button", { name: "Take your time" }).click()
      await page.getByRole("alert").getByText("The application did not respond").waitFor()
      await page.getByRole("button", { name: "Send a bad signature" }).click()
      await page.locator("#interactions .attempt", { hasText: "401" }).waitFor()
      await page.getByRole("button", { name: "Down: 503" }).click()
      await page.locator("#discord-faults").getByText("misbehaves").waitFor()
      expect((await call("GET", "/users/@me")).status).toBe(503)
      await page.getByRole("button", { name: "All well again" }).click()
      await page.locator("#discord-faults").getByText("behaves", { exact: true }).waitFor()
      await page.getByRole("button", { name: "Manage channels" }).click()
      await page.locator("button[aria-pressed=false]", { hasText: "Manage channels" }).waitFor()
      expect(await call("POST", "/guilds/100000000000000002/channels", { body: { name: "a" } })).toMatchObject({
        code: 50013,
      })
    }))
})

test("the page follows what others do, keeps what is typed, and moves to a modal that opens", async () => {
  await page.goto(address(users.ada, channels.welcome))
  await page.getByLabel("Write as Ada Example").fill("Half a thou")
  stand.discord.people.say({ as: users.ben, channel: channels.welcome, content: "Me too" })
  await page.locator(".message", { hasText: "Me too" }).waitFor()
  expect(await page.getByLabel("Write as Ada Example").inputValue()).toBe("Half a thou")
  await page.getByLabel("Write as Ada Example").press("Enter")
  await page.locator(".message", { hasText: "Half a thou" }).waitFor()
  expect(await page.getByLabel("Write as Ada Example").inputValue()).toBe("")
  await page.getByRole("link", { name: "#support" }).click()
  await page.getByRole("button", { name: "Open a ticket" }).press("Enter")
  await page.getByRole("dialog").waitFor()
  await page.waitForFunction("document.activeElement?.closest('[role=dialog]') !== null")
})

test("hostile text, names and files are shown, not run", async () => {
  const hostile = `<img src=x onerror="document.title='run'"><script>document.title='run'</script>`
  const { people } = stand.discord
  const bytes = new TextEncoder().encode(hostile)
  const as = people.join({ name: hostile.slice(0, 32) })
  const files = [{ name: `${hostile}.svg`, contentType: "image/svg+xml", bytes }]
  people.say({
    as,
    channel: channels.welcome,
    content: `${hostile} [click](javascript:alert(1)) **${hostile}**`,
    files,
  })
  await call("POST", `/channels/${channels.welcome}/messages`, {
    body: {
      embeds: [{ title: hostile, description: hostile, fields: [{ name: hostile, value: hostile }] }],
      components: [{ type: 1, components: [button(hostile.slice(0, 80), `"><b>`)] }],
    },
  })
  await page.goto(address(as, channels.welcome))
  await page.getByText("onerror").first().waitFor()
  expect(await page.locator("main script, main img, main [onerror], a[href^='javascript']").count()).toBe(0)
  expect(await page.title()).toBe("Discord · vendors' stand-ins")
})

test("the page is accessible and fits a phone, light and dark", async () => {
  await openTicket(page)
  const channel = await call("POST", `/channels/${channels.support}/threads`, { body: { name: "Ticket 1", type: 12 } })
  await call("PUT", `/channels/${channel.id}/thread-members/${users.ada}`)
  await page.getByRole("button", { name: "Open a ticket" }).click()
  await page.getByRole("dialog").waitFor()
  await screenshots(page, "discord-stand-in")
  for (const width of [1400, 390])
    for (const colorScheme of ["light", "dark"] as const) {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme })
      await page.evaluate(axe)
      const violations = await page.evaluate("axe.run().then(({ violations }) => violations.map(({ id }) => id))")
      expect([width, colorScheme, violations]).toEqual([width, colorScheme, []])
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width)
    }
})
