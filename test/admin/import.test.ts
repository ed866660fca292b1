import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { type NeonHttp, startNeonHttp } from "../../scripts/local/neonHttp.ts"
import { csvLine } from "../../shared/csv.ts"
import { screenshots } from "../support/browser.ts"
import { type AdminSession, expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
let neon: NeonHttp
beforeAll(async () => {
  neon = await startNeonHttp()
})
afterAll(() => neon.close())
const admin = useAdmin({
  ...database,
  /** In front of the same database, to count round trips. */
  get httpEndpoint() {
    return neon.endpoint
  },
})

beforeEach(async () => {
  await db.execute(sql`truncate customers, customer_imports cascade`)
})

async function upload(session: AdminSession, file: string, id: string = crypto.randomUUID()) {
  const form = new FormData()
  form.set("id", id)
  form.set("file", new Blob([file], { type: "text/csv" }), "people.csv")
  const request = new Request("http://admin", { method: "POST", body: form })
  return admin.workers.fetch("admin", "/customers/import", {
    method: "POST",
    headers: {
      cookie: session.cookie,
      origin: "http://admin",
      "sec-fetch-site": "same-origin",
      "content-type": request.headers.get("content-type") ?? "",
    },
    body: await request.text(),
    redirect: "manual",
  })
}

async function imported(session: AdminSession, file: string): Promise<string> {
  const answer = await upload(session, file)
  const path = answer.headers.get("location") ?? ""
  const html = await (await session.get(path)).text()
  const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ""
  if (!html.includes("There is nothing to import")) {
    const applied = await session.post(`${path}/apply`, { hash: hidden("hash"), plan: hidden("plan") })
    expect(applied.status).toBe(303)
  }
  return html
}

test("in a browser: a file, what would happen, the import, and the customers there", async () => {
  await db.execute(sql`insert into customers (id, stripe_id, email, name, country, tags, created_at, synced_at, synced_order, digest)
    values (gen_random_uuid(), 'cus_1', 'payer@example.com', 'Payer', 'DE', '{}', now(), now(), '', '')`)
  const { page, problems } = await admin.browser("ops")
  await page.goto("/customers")
  await page.getByRole("link", { name: "Import" }).click()
  await expectAccessible(page)
  await screenshots(page, "admin-customers-import")
  await page.getByLabel("CSV file").setInputFiles({
    name: "fair.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(
      "Email;Name;Country;Tags;Booth\nada@example.com;Ada;SE;fair|vip;7\npayer@example.com;Changed;US;fair;8\nnobody;Bob;Sweden;;9\n",
    ),
  })
  await page.getByRole("button", { name: "Look what would happen" }).click()
  await page.getByRole("button", { name: "Import: add 1, change 1" }).waitFor()
  await expectAccessible(page)
  await screenshots(page, "admin-customers-dry-run")
  const text = (await page.locator("main").textContent()) ?? ""
  for (const told of [
    "Columns that are not read: Booth",
    "tags: none, and fair",
    "name: stays Payer, as Stripe has it",
    "country “Sweden”: A country is told by its two letters",
    "email “nobody”: This is not an e-mail address.",
  ])
    expect(text).toContain(told)
  await page.getByRole("link", { name: "Invalid" }).click()
  expect(await page.locator("#results tbody tr").count()).toBe(1)
  await page.getByRole("button", { name: "Import: add 1, change 1" }).click()
  await page.getByText("1 new, 1 changed.").waitFor()
  await expectAccessible(page)
  await page.goto("/customers?tag=fair")
  expect(await page.locator("#results tbody tr").count()).toBe(2)
  expect(problems).toEqual([])
}, 60_000)

test("a file that cannot be read is answered with what to do", async () => {
  const ops = await admin.as("ops")
  for (const [file, message] of [
    ["", "Choose a file first."],
    ["name\nAda\n", "one of them email"],
    [`email\n${"x".repeat(5_000_001)}`, "Split it."],
  ] as const) {
    const answer = await upload(ops, file)
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(message)])
  }
  expect((await upload(ops, "x".repeat(5_100_000))).status).toBe(413)
  expect((await ops.post("/customers/import", { id: "x", file: "no file" })).status).toBe(400)
})

test("a file that is sent twice is uploaded once", async () => {
  const ops = await admin.as("ops")
  const id = crypto.randomUUID()
  await upload(ops, "email\na@example.com\n", id)
  expect((await upload(ops, "email\na@example.com\n", id)).status).toBe(303)
  const kept = await db.execute(sql`select count(*)::int as n from customer_import_rows`)
  expect(kept.rows).toEqual([{ n: 1 }])
})

test("a dry run takes at most three database round trips, and tells the rows page by page", async () => {
  const ops = await admin.as("ops")
  const rows = Array.from({ length: 250 }, (_, index) => `p${index}@example.com`)
  const path = (await upload(ops, `email\n${rows.join("\n")}\n`)).headers.get("location") ?? ""
  const before = neon.roundTrips()
  let html = await (await ops.get(path)).text()
  expect(neon.roundTrips() - before).toBeLessThanOrEqual(3)
  const seen: string[] = []
  for (;;) {
    seen.push(...[...html.matchAll(/p\d+@example\.com/g)].map(([email]) => email))
    const next = /<a href="([^"]+)" rel="next">/.exec(html)?.[1]?.replaceAll("&amp;", "&")
    if (!next) break
    html = await (await ops.get(next)).text()
  }
  expect(seen).toEqual(rows)
})

test.each(["?show=drop&after=1%27", "?after=-1", "?show=invalid&after=999999"])(
  "an address that somebody has tampered with (%s) shows the dry run",
  async (query) => {
    const ops = await admin.as("ops")
    const path = (await upload(ops, "email\na@example.com\n")).headers.get("location")
    expect((await ops.get(`${path}${query}`)).status).toBe(200)
  },
)

const hostile = [
  `"><script>alert(1)</script>`,
  "<img src=x onerror=alert(1)>",
  "=cmd|'/c calc'!A1",
  "'=1+1",
  "''+1",
  "＝1+1",
  "-2+3",
  "@SUM(1)",
  "\u202Etxt.exe",
  "{{7*7}}",
  'say "hi"; then, go',
  "' or 1=1 --",
  "two\nlines",
]

test("hostile text is shown as text, and comes through import, export and import again unchanged", async () => {
  const owner = await admin.as("owner")
  const people = hostile.map((text, index) => [`h${index}@example.com`, text, "SE", "Europe/Stockholm", "fair | vip"])
  const file = [["email", "name", "country", "time zone", "tags"], ...people].map(csvLine).join("")
  const html = await imported(owner, file)
  expect(html).not.toMatch(/<script>alert|<img src=x/)
  const customers = async () =>
    (await db.execute(sql`select email, name, country, time_zone, tags from customers order by created_at, email`)).rows
  const first = await customers()
  expect(first.map(({ name }) => name).toSorted()).toEqual(hostile.map((text) => text.replace("\n", " ")).toSorted())
  const exported = await (await owner.get("/customers/export.csv")).text()
  for (const cell of exported.split(/[,\r\n]/)) expect(cell).not.toMatch(/^"?[=+\-@＝]/)
  const again = await imported(owner, exported)
  expect(again).toContain("There is nothing to import")
  expect(await customers()).toEqual(first)
  expect(await (await owner.get("/customers/import")).text()).not.toMatch(/<script>alert/)
})

test("hostile text in cells that are refused, and in the header and the file's name, stays text", async () => {
  const owner = await admin.as("owner")
  for (const text of hostile) {
    const cells = ["email", "country", text]
    const answer = await upload(owner, csvLine(cells) + csvLine([text, text, text]))
    const html = await (await owner.get(answer.headers.get("location") ?? "")).text()
    expect(html).toContain("invalid")
    expect(html).not.toMatch(/<script>alert|<img src=x/)
  }
})

test("the largest file goes through the Worker", async () => {
  const ops = await admin.as("ops")
  const rows = Array.from(
    { length: 20_000 },
    (_, index) => `p${index}@example.com,Person ${index},SE,Europe/Stockholm,a | b,${"note ".repeat(30)}`,
  )
  const path =
    (await upload(ops, `email,name,country,time zone,tags,note\n${rows.join("\n")}\n`)).headers.get("location") ?? ""
  const html = await (await ops.get(path)).text()
  const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ""
  const applied = await ops.post(`${path}/apply`, { hash: hidden("hash"), plan: hidden("plan") })
  expect(applied.status).toBe(303)
  expect(await (await ops.get(path)).text()).toContain("20,000 new, 0 changed.")
}, 60_000)
