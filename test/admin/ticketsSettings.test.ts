import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { screenshots } from "../support/browser.ts"
import { testContext } from "../support/testContext.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database)

beforeEach(async () => {
  await db.execute(sql`truncate canned_replies, ticket_categories, support_blocks, settings`)
  await seedSupport(testContext({ db, vendors: {} }))
})

const category = {
  name: "Mods & plugins",
  description: "What you add",
  position: "15",
  enabled: "yes",
  question1: "Which mod?",
  required1: "yes",
  keywords: "forge\r\nfabric",
  roleId: "",
  parentId: "",
  firstResponseMinutes: "60",
  resolutionMinutes: "600",
  seenVersion: "0",
}
const rows = async (statement: ReturnType<typeof sql>) => (await db.execute<Record<string, unknown>>(statement)).rows

test("a category is made, changed with its questions, and switched off; the audit log has each", async () => {
  const ops = await admin.as("ops")
  const made = await ops.post("/tickets/categories/new", category)
  expect([made.status, made.headers.get("location")]).toEqual([303, "/tickets/categories/mods-plugins?saved=1"])
  const kept = () => rows(sql`select * from ticket_categories where id = 'mods-plugins'`)
  expect(await kept()).toMatchObject([
    {
      name: "Mods & plugins",
      questions: [{ id: "which-mod", label: "Which mod?", long: false, required: true }],
      keywords: ["forge", "fabric"],
      first_response_minutes: 60,
      version: 1,
    },
  ])
  const { enabled: _, ...off } = category
  const change = { ...off, questionId1: "which-mod", question1: "Which mod or plugin?", seenVersion: "1" }
  expect((await ops.post("/tickets/categories/mods-plugins", change)).status).toBe(303)
  expect(await kept()).toMatchObject([
    { enabled: false, questions: [{ id: "which-mod", label: "Which mod or plugin?" }], version: 2 },
  ])
  const stale = await ops.post("/tickets/categories/mods-plugins", { ...change, name: "Mine" })
  expect(stale.status).toBe(409)
  expect(await stale.text()).toContain('value="Mine"')
  expect((await ops.post("/tickets/categories/new", { ...category, name: "Mods plugins" })).status).toBe(409)
  expect(await rows(sql`select action from audit_log where subject_id = 'mods-plugins'`)).toEqual([
    { action: "ticketCategory.saved" },
    { action: "ticketCategory.saved" },
  ])
})

test.each([
  [{ name: "" }, "name"],
  [{ firstResponseMinutes: "soon" }, "firstResponseMinutes"],
  [{ resolutionMinutes: "0" }, "resolutionMinutes"],
  [{ roleId: "@staff" }, "roleId"],
  [{ question1: "x".repeat(46) }, "questions.0.label"],
  [{ position: "-1" }, "position"],
])("a category with %j is refused with the field, and what was typed stays", async (wrong, field) => {
  const ops = await admin.as("ops")
  const answer = await ops.post("/tickets/categories/new", { ...category, ...wrong, description: "Typed before" })
  expect(answer.status).toBe(400)
  const html = await answer.text()
  expect(html).toContain(`<li>${field}: `)
  expect(html).toContain("Typed before")
  expect(await rows(sql`select from ticket_categories where id like 'mods%'`)).toHaveLength(0)
})

test("a canned reply is written, changed against overwriting, and deleted; unknown variables are refused", async () => {
  const ops = await admin.as("ops")
  const reply = {
    name: "Thanks",
    content: "Hello {{ opener.name }}",
    categoryId: "billing",
    keywords: "thanks",
    seenVersion: "0",
  }
  expect((await ops.post("/tickets/replies/new", reply)).status).toBe(303)
  expect((await ops.post("/tickets/replies/thanks", { ...reply, suggested: "yes", seenVersion: "1" })).status).toBe(303)
  expect((await ops.post("/tickets/replies/thanks", { ...reply, seenVersion: "1" })).status).toBe(409)
  expect(await rows(sql`select content, suggested, version from canned_replies where id = 'thanks'`)).toEqual([
    { content: "Hello {{ opener.name }}", suggested: true, version: 2 },
  ])
  const unknown = await ops.post("/tickets/replies/new", { ...reply, name: "Other", content: "{{ customer.iban }}" })
  expect(unknown.status).toBe(400)
  expect(await unknown.text()).toContain("There is no customer.iban.")
  for (let times = 0; times < 2; times++) expect((await ops.post("/tickets/replies/thanks/delete")).status).toBe(303)
  expect(await rows(sql`select action from audit_log where subject_id = 'thanks' order by at`)).toMatchObject([
    { action: "cannedReply.saved" },
    { action: "cannedReply.saved" },
    { action: "cannedReply.deleted" },
  ])
})

test("somebody is blocked until a day or for good, and let in again", async () => {
  const ops = await admin.as("ops")
  const block = (form: Record<string, string>) => ops.post("/tickets/blocks", { reason: "Spam", until: "", ...form })
  expect((await block({ subject: "Eve@Example.com" })).status).toBe(303)
  expect((await block({ subject: "200000000000000009", until: "2999-12-31" })).status).toBe(303)
  const wrongs: Record<string, string>[] = [
    { subject: "eve" },
    { subject: "eve@example.com", reason: "" },
    { subject: "eve@example.com", until: "2001-01-01" },
  ]
  for (const wrong of wrongs) expect((await block(wrong)).status).toBe(400)
  expect(await rows(sql`select subject, until is null as for_good from support_blocks order by 1`)).toEqual([
    { subject: "200000000000000009", for_good: false },
    { subject: "eve@example.com", for_good: true },
  ])
  expect((await ops.post("/tickets/blocks/remove", { subject: "eve@example.com" })).status).toBe(303)
  expect((await ops.post("/tickets/blocks/remove", { subject: "eve@example.com" })).status).toBe(404)
  expect(await rows(sql`select action from audit_log where subject_id = 'eve@example.com' order by at`)).toEqual([
    { action: "support.blocked" },
    { action: "support.unblocked" },
  ])
})

test("hours and settings of support are kept, and what does not fit is told beside them", async () => {
  const ops = await admin.as("ops")
  const hours = {
    seenAt: "",
    timeZone: "Asia/Kolkata",
    from0: "09:30",
    until0: "18:00",
    from5: "22:00",
    until5: "02:00",
  }
  expect((await ops.post("/tickets/settings/hours", hours)).status).toBe(303)
  const kept = async (name: string) => (await rows(sql`select value from settings where name = ${name}`))[0]?.value
  expect(await kept("supportHours")).toEqual({
    timeZone: "Asia/Kolkata",
    days: [{ from: "09:30", until: "18:00" }, null, null, null, null, { from: "22:00", until: "02:00" }, null],
  })
  expect((await ops.post("/tickets/settings/hours", hours)).status).toBe(409)
  const seenAt = /name="seenAt" value="([^"]+)"/.exec(await (await ops.get("/tickets/settings")).text())?.[1] ?? ""
  const half = await ops.post("/tickets/settings/hours", { ...hours, seenAt, until0: "" })
  expect(half.status).toBe(400)
  expect(await half.text()).toContain("Every day has both times, or none.")
  const support = {
    seenAt: "",
    place: "thread",
    panelChannelId: "900000000000000002",
    staffRoleId: "",
    botUserId: "",
    parentIds: "900000000000000003\n900000000000000004",
    cooldownMinutes: "5",
    nudgeHours: "0",
    warnHours: "72",
    closeHours: "96",
    openerLeft: "keep",
    keepHours: "1",
    reopenDays: "7",
  }
  const wrong = await ops.post("/tickets/settings/support", { ...support, staffRoleId: "staff" })
  expect(await wrong.text()).toContain("Not an id of Discord")
  expect((await ops.post("/tickets/settings/support", support)).status).toBe(303)
  expect(await kept("support")).toMatchObject({
    place: "thread",
    nudgeHours: 0,
    openerLeft: "keep",
    parentIds: support.parentIds.split("\n"),
  })
})

test("who may only read sees all of it without a way to change it", async () => {
  const viewer = await admin.as("viewer")
  for (const path of ["categories", "categories/billing", "replies", "replies/restart-first", "blocks", "settings"]) {
    const answer = await viewer.get(`/tickets/${path}`)
    expect([path, answer.status]).toEqual([path, 200])
    expect(await answer.text()).not.toMatch(/<main.*class="button (primary|danger)"/s)
  }
  expect((await viewer.get("/tickets/categories/nothing")).status).toBe(404)
})

test("the pages in a browser", async () => {
  const { page, problems } = await admin.browser("owner")
  for (const path of ["categories", "categories/technical", "replies", "replies/new", "blocks", "settings"]) {
    await page.goto(`/tickets/${path}`)
    await screenshots(page, `tickets-${path.replace("/", "-")}`)
    await expectAccessible(page)
    const wider = await page.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth")
    expect([path, wider <= 0]).toEqual([path, true])
  }
  await page.goto("/tickets/categories/new")
  await page.getByLabel("Name", { exact: true }).fill(`<script>alert(1)</script>`)
  await page.getByRole("button", { name: "Save category" }).click()
  await page.getByText("Saved. The next form").waitFor()
  expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("<script>alert(1)</script>")
  expect(problems).toEqual([])
}, 60_000)
