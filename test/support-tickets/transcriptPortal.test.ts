import { sql } from "drizzle-orm"
import type { BrowserContext } from "playwright-core"
import { afterAll, expect, test } from "vitest"
import { captureTicket } from "../../shared/support/capture/captureTicket.ts"
import { createTranscriptSigner } from "../../shared/support/transcript/transcriptToken.ts"
import { screenshots, startBrowser } from "../support/browser.ts"
import { expectAccessible } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { people } from "./scriptedDiscord.ts"
import { usePortal } from "./usePortal.ts"
import { openTicket } from "./useTicket.ts"

const database = useDatabase()
const { db } = database
const portal = usePortal(database)
const browser = await startBrowser()
afterAll(() => browser.close())
let context: BrowserContext | undefined
async function openPage() {
  context ??= await browser.newContext({ baseURL: portal.url() })
  return context.newPage()
}

const pathOf = async (ticketId: string, at = new Date()) =>
  `/transcripts/${await (await createTranscriptSigner(portal.secret)).sign(ticketId, at)}`

/** Script, markup, links that run, marks that turn text round, addresses that pose as others. */
const hostile = [
  `<script>window.taken = 1</script><img src=x onerror="window.taken = 1"><svg onload=window.taken=1>`,
  `</div></article></main><style>*{display:none}</style><base href=https://evil.example><meta http-equiv=refresh content=0;url=https://evil.example>`,
  "[click](javascript:window.taken=1) [click](data:text/html,<script>window.taken=1</script>) <javascript:window.taken=1>",
  `[a](https://evil.example/" onmouseover="window.taken=1) https://evil.example/"onclick="window.taken=1 https://bank.example@evil.example/`,
  "[https://bank.example](https://evil.example/login) [x](https://ok.example/<b>) ||<b>spoiler</b>||",
  "\u202Egnp.exe\u202C \u2066hidden\u2069 \u0007\u0000 \uD800",
  "```html\n<script>window.taken = 1</script>\n``` `<img src=x onerror=window.taken=1>`",
  `**${"*".repeat(500)}${"_".repeat(500)}${"[".repeat(500)}${"<".repeat(500)}${"`".repeat(501)}`,
]
const embed = {
  type: "rich",
  title: hostile[0],
  url: "javascript:window.taken=1",
  description: hostile.join("\n"),
  author: { name: hostile[0], url: "javascript:window.taken=1", icon_url: "https://evil.example/pixel.png" },
  image: { url: "https://evil.example/pixel.png" },
  thumbnail: { url: "https://evil.example/pixel.png" },
  footer: { text: hostile[1] },
  fields: [{ name: hostile[0], value: hostile[2] }, null, 7, { name: {}, value: [] }],
}

async function hostileTicket() {
  const opened = await openTicket(db)
  const { id, ctx, discord, channel, pass } = opened
  const text = hostile.join("\n").replaceAll("\u0000", "").toWellFormed()
  await db.execute(sql`
    update tickets set subject = ${text}, opener_name = ${text}, close_reason = ${text}, rating = 1, rating_comment = ${text},
      answers = jsonb_build_array(jsonb_build_object('question', ${text}::text, 'answer', ${text}::text)) where id = ${id}`)
  await db.execute(sql`
    insert into ticket_events (id, key, ticket_id, kind, at, actor, actor_label, data)
    values (gen_random_uuid(), ${id}, ${id}, 'closed', now(), 'discord:1', ${text}, jsonb_build_object('reason', ${text}::text))`)
  const author = (name: string) => ({
    id: people.opener,
    username: name,
    global_name: name,
    discriminator: "0",
    avatar: null,
  })
  for (const content of hostile) {
    pass(1)
    discord.say(channel, content, { author: author(content) })
  }
  const edited = discord.say(channel, hostile.join("\n"), {
    author: author("\u202Eyllas"),
    attachments: [
      {
        id: "1",
        filename: `"><script>window.taken=1</script>\u202Efdp.exe`,
        size: 9,
        url: "https://cdn.example/1",
        proxy_url: "",
        content_type: "text/html",
      },
    ],
  })
  Object.assign(edited, { embeds: [embed] })
  await captureTicket(ctx, { id })
  pass(1)
  discord.edit(edited, `Now ${hostile[1]}`)
  await captureTicket(ctx, { id })
  const [file] = await opened.rows(sql`
    update ticket_attachments set status = 'stored', key = 'tickets/' || id::text where ticket_id = ${id} returning id, key`)
  await portal.putFile(String(file?.key), "<script>window.taken = 1</script>")
  return { ...opened, fileId: String(file?.id) }
}

test("hostile text, names, embeds and files show nothing live and load nothing", async () => {
  const { id } = await hostileTicket()
  const path = await pathOf(id)
  for (const target of [
    path,
    `${path}?q=${encodeURIComponent(`evil "><script>window.taken=1</script>`)}`,
    `${path}?q=evil`,
  ]) {
    const page = await openPage()
    const asked: string[] = []
    const problems: string[] = []
    page.on("request", (request) => asked.push(request.url()))
    page.on("console", (message) => problems.push(message.text()))
    page.on("pageerror", (error) => problems.push(String(error)))
    const answer = await page.goto(target)
    expect(answer?.status()).toBe(200)
    expect(await page.evaluate("window.taken")).toBeUndefined()
    expect(asked.map((url) => new URL(url).pathname)).toEqual([path])
    expect(problems).toEqual([])
    expect(
      await page
        .locator("script, img, svg, iframe, object, base, [onerror], [onload], [onclick], [onmouseover]")
        .count(),
    ).toBe(0)
    expect(await page.locator("style").count()).toBe(1)
    const links = await page
      .locator("a")
      .evaluateAll((all) =>
        all.map((link) => ({ href: link.getAttribute("href") ?? "", rel: link.getAttribute("rel") ?? "" })),
      )
    for (const { href, rel } of links) {
      expect(href).toMatch(/^(https:\/\/(evil|ok)\.example\/|\/transcripts\/|#m-)/)
      if (href.startsWith("https:")) expect(rel).toBe("noopener noreferrer nofollow")
    }
    const text = (await page.locator("body").textContent()) ?? ""
    expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069]|(?!\s)\p{Cc}/u)
    if (target === path) expect(text).toContain("<script>window.taken = 1</script>")
    await page.locator("summary").first().isVisible()
  }
})

test("a page that was saved is whole by itself", async () => {
  const { id } = await hostileTicket()
  const answer = await portal.get(`${await pathOf(id)}.html`)
  expect(answer.headers.get("content-disposition")).toBe('attachment; filename="transcript.html"')
  const page = await openPage()
  const asked: string[] = []
  page.on("request", (request) => asked.push(request.url()))
  await page.setContent(await answer.text())
  expect(asked).toEqual([])
  expect(await page.evaluate("window.taken")).toBeUndefined()
  expect(await page.locator("article").count()).toBe(hostile.length + 1)
  // Its own style holds: the policy lets it in.
  expect(await page.evaluate('getComputedStyle(document.querySelector("article")).borderRadius')).toBe("10px")
})

test("files are saved, not run, under a name that is what it seems", async () => {
  const { id, fileId } = await hostileTicket()
  const path = await pathOf(id)
  const answer = await portal.get(`${path}/files/${fileId}`)
  expect(answer.status).toBe(200)
  expect(await answer.text()).toBe("<script>window.taken = 1</script>")
  expect(answer.headers.get("content-type")).toBe("application/octet-stream")
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff")
  expect(answer.headers.get("content-security-policy")).toContain("sandbox")
  expect(answer.headers.get("content-disposition")).toMatch(
    /^attachment; filename="[\w.-]+"; filename\*=UTF-8''[\w.%-]+$/,
  )
  await db.execute(
    sql`update ticket_attachments set content_type = 'image/PNG', name = 'grüße "1".png' where id = ${fileId}`,
  )
  const { headers } = await portal.get(`${path}/files/${fileId}`)
  expect(headers.get("content-type")).toBe("image/png")
  expect(headers.get("content-disposition")).toBe(
    `inline; filename="gr__e__1_.png"; filename*=UTF-8''gr%C3%BC%C3%9Fe%20_1_.png`,
  )
  const other = await openTicket(db)
  for (const target of [
    `${await pathOf(other.id)}/files/${fileId}`,
    `${path}/files/${crypto.randomUUID()}`,
    `${path}/files/x`,
  ])
    expect((await portal.get(target)).status).toBe(404)
})

test("wrong links find nothing, old ones say so, and nobody keeps or indexes what is shown", async () => {
  const { id } = await openTicket(db)
  const path = await pathOf(id)
  const old = await pathOf(id, new Date(Date.now() - 91 * 86_400_000))
  const statuses = async (paths: string[]) =>
    Promise.all(paths.map(async (target) => (await portal.get(target)).status))
  expect(await statuses([path, `${path}.json`, `${path}.html`])).toEqual([200, 200, 200])
  expect(await statuses([old, `${old}.json`, `${old}.html`, `${old}/files/x`])).toEqual([410, 410, 410, 410])
  expect(
    await statuses([
      `${path}x`,
      "/transcripts/x",
      "/transcripts/.json",
      "/transcripts/%00",
      "/transcripts/",
      await pathOf(crypto.randomUUID()),
    ]),
  ).toEqual([404, 404, 404, 404, 404, 404])
  for (const target of [path, old, "/transcripts/x"]) {
    const { headers } = await portal.get(target)
    expect(headers.get("cache-control")).toBe("private, no-store")
    expect(headers.get("x-robots-tag")).toBe("noindex, nofollow")
    expect(headers.get("referrer-policy")).toBe("no-referrer")
    expect(headers.get("content-security-policy")).toContain("default-src 'none'")
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'")
  }
})

test("the opener searches the conversation, and reads it on a phone", async () => {
  const { id, ctx, discord, channel, pass } = await openTicket(db)
  const say = (content: string, by: string) => {
    pass(3)
    return discord.say(channel, content, { by })
  }
  say(
    "My server **will not start** since noon.\n> Error: out of memory\n```\njava.lang.OutOfMemoryError\n```",
    people.opener,
  )
  const answer = say("I look into it: https://status.example.com/incidents/12", people.staff)
  say("Thank you", people.opener)
  await captureTicket(ctx, { id })
  discord.edit(answer, "I am looking into it: https://status.example.com/incidents/12")
  await captureTicket(ctx, { id })
  const page = await openPage()
  await page.goto(await pathOf(id))
  expect(await page.locator("article").count()).toBe(3)
  await page.getByText("Earlier wordings: 1").click()
  await expectAccessible(page)
  await screenshots(page, "transcript")
  expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true)
  await page.getByRole("searchbox").fill("looking")
  await page.getByRole("button", { name: "Search" }).click()
  await page.getByRole("link", { name: "Show everything" }).waitFor()
  expect(await page.locator("article").count()).toBe(1)
})

test("a press in the last mail rates nothing until it is sent on the page, however often a scanner follows the link", async () => {
  const { id } = await openTicket(db)
  const rating = async () =>
    (await db.execute(sql`select rating, rating_comment as comment from tickets where id = ${id}`)).rows
  const path = await pathOf(id)
  expect(await (await portal.get(`${path}/rating?stars=4`)).text()).toContain("You can rate it once it is closed")
  await db.execute(sql`update tickets set status = 'closed', closed_at = now() where id = ${id}`)
  for (const stars of ["1", "4", "9", "<b>", "4&stars=1"]) {
    const answer = await portal.get(`${path}/rating?stars=${encodeURIComponent(stars)}`)
    expect([stars, answer.status]).toEqual([stars, 200])
  }
  expect(await rating()).toEqual([{ rating: null, comment: null }])
  expect((await portal.get(`${path}x/rating?stars=4`)).status).toBe(404)

  const page = await openPage()
  await page.goto(`${path}/rating?stars=4`)
  expect(await page.getByLabel("4 of 5").isChecked()).toBe(true)
  await expectAccessible(page)
  await screenshots(page, "rating-by-link")
  await page.getByLabel("Anything you want to add?").fill("<b>Quick</b>")
  await page.getByRole("button", { name: "Send this rating" }).click()
  await page.getByText("4 of 5: <b>Quick</b>").waitFor()
  expect(await rating()).toEqual([{ rating: 4, comment: "<b>Quick</b>" }])
  await page.goto(`${path}/rating`)
  expect(await page.getByLabel("4 of 5").isChecked()).toBe(true)
  expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true)
})
