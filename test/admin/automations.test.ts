import { sql } from "drizzle-orm"
import type { Page } from "playwright-core"
import { beforeAll, expect, test } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { screenshots } from "../support/browser.ts"
import { apiOf, playedHistory } from "../support/playedHistory.ts"
import { play } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database, ["webhooks"])
const now = new Date()
const { world } = playedHistory({ seed: 2, customers: 2, steps: 0, until: now })
const ctx = testContext({ db, now, vendors: { stripe: apiOf(world, now) } })

beforeAll(async () => {
  world.advanceClock(Math.floor(now.getTime() / 1000) - world.now() - 600)
  await seedDefaults(ctx)
  await play(ctx, world.events)
})

/** The fields of a condition of comparisons as the editor has them. */
function condition(name: string, rows: [field: string, op: string, value: string][], match = "all") {
  const column = (at: 0 | 1 | 2) => rows.map((row) => row[at])
  return {
    [`${name}-match`]: match,
    [`${name}-line`]: rows.map(() => "row:1"),
    [`${name}-field`]: column(0),
    [`${name}-key`]: rows.map(() => ""),
    [`${name}-op`]: column(1),
    [`${name}-value`]: column(2),
  }
}

const ruleRow = async (id: string) =>
  (await db.execute(sql`select name, enabled, version, condition, actions from rules where id = ${id}`)).rows[0]
const rule = {
  name: "Big spenders",
  changeKind: "invoice.paid",
  enabled: "yes",
  ...condition("if", [
    ["customer.country", "in", "DE, SE, US"],
    ["invoice.total", "gte", "1"],
  ]),
  do: ["add_tag", "notify_staff"],
  target: ["big", "A big one"],
  subject: ["", ""],
  does: "save",
}

test("a new rule is kept from a form, with who made it, and acts on the next event", async () => {
  const ops = await admin.as("ops")
  const answer = await ops.post("/automations/rules/new", rule)
  expect(answer.headers.get("location")).toBe("/automations/rules/big-spenders?saved=1")
  expect(await ruleRow("big-spenders")).toMatchObject({
    version: 1,
    condition: {
      all: [
        { field: "customer.country", op: "in", value: ["DE", "SE", "US"] },
        { field: "invoice.total", op: "gte", value: 1 },
      ],
    },
    actions: [
      { do: "add_tag", tag: "big" },
      { do: "notify_staff", message: "A big one" },
    ],
  })
  const before = world.events.length
  const [subscription] = world.all("subscription")
  world.renewNow(subscription?.id ?? "")
  await play(ctx, world.events.slice(before))
  const tagged = await db.execute(sql`select stripe_id from customers where 'big' = any(tags)`)
  expect(tagged.rows).toEqual([{ stripe_id: subscription?.customer }])

  await ops.post("/automations/rules/big-spenders", { ...rule, target: ["huge", "A big one"], seenVersion: "1" })
  const html = await (await ops.get("/automations/rules/big-spenders")).text()
  expect(html).toContain("Version 2")
  expect(html).toContain("ops@local.test")
  expect(html).toContain('name="seenVersion" value="2"')

  const late = await ops.post("/automations/rules/big-spenders", { ...rule, seenVersion: "1" })
  expect([late.status, await late.text()]).toEqual([
    409,
    expect.stringContaining("Somebody else has changed this rule"),
  ])
  const taken = await ops.post("/automations/rules/new", rule)
  expect([taken.status, await taken.text()]).toEqual([409, expect.stringContaining("Choose another name")])
})

test.each([
  ["no name", { name: "" }, "needs a name"],
  ["nothing to react to", { changeKind: "nonsense" }, "Choose what the rule reacts to"],
  ["a field that there is not", condition("if", [["customer.shoe", "eq", "44"]]), "not a field"],
  ["an operator that does not fit", condition("if", [["customer.delinquent", "gt", "1"]]), "cannot be compared"],
  ["a sequence that there is not", { do: ["enrol"], target: ["nowhere"], subject: ["customer"] }, "does not exist"],
  ["no action", { do: [""], target: [""], subject: [""] }, "needs an action"],
])("a rule with %s is not kept, and what was entered stays", async (_what, change, told) => {
  const ops = await admin.as("ops")
  const answer = await ops.post("/automations/rules/new", { ...rule, name: "Wrong one", ...change })
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain(told)
  expect(await ruleRow("wrong-one")).toBeUndefined()
})

test("a name that is the address of the form for a new one gets another id; no version is none", async () => {
  const ops = await admin.as("ops")
  for (const path of ["rules", "templates"]) {
    const fields = path === "rules" ? rule : { subject: "New", html: "<p>New</p>", text: "New" }
    const to = path === "rules" ? "/automations/rules" : "/templates"
    const answer = await ops.post(`${to}/new`, { ...fields, name: "New", id: "New", does: "save" })
    expect([answer.status, answer.headers.get("location")?.split("?")[0]]).toEqual([303, `${to}/new-1`])
  }
  for (const seenVersion of ["99999999999", "-1", "1e3", "NaN"]) {
    const answer = await ops.post("/automations/rules/new-1", { ...rule, name: "New", seenVersion })
    expect(answer.status).toBe(409)
  }
})

test("text that the database cannot keep is refused as such wherever it is typed", async () => {
  const owner = await admin.as("owner")
  const answers = await Promise.all([
    owner.post("/staff", { email: "nul@staff.test", name: "N\0L", role: "viewer" }),
    owner.post("/templates/new", { name: "Nul", subject: "x", html: "<p>\0</p>", text: "x", does: "save" }),
    owner.post("/automations/rules/new", { ...rule, name: "N\0L" }),
    owner.get(`/customers?q=${encodeURIComponent("a\0b")}`),
  ])
  for (const answer of answers) expect(answer.status).toBeLessThan(500)
})

test("every shipped rule and sequence comes out of its form as it went in", async () => {
  const owner = await admin.as("owner")
  const kept = await db.execute<{ kind: string; id: string; body: Record<string, unknown> }>(sql`
    select 'rules' as kind, id, to_jsonb(r) - 'version' - 'updated_at' as body from rules r
    union all select 'sequences', id, to_jsonb(s) - 'version' - 'updated_at' from sequences s`)
  expect(kept.rows.length).toBeGreaterThan(15)
  for (const { kind, id, body } of kept.rows) {
    const html = await (await owner.get(`/automations/${kind}/${id}`)).text()
    expect((await owner.post(`/automations/${kind}/${id}`, formIn(html))).status, `${kind}/${id}`).toBe(303)
    const table = sql.identifier(kind)
    const after = await db.execute(
      sql`select to_jsonb(r) - 'version' - 'updated_at' as body from ${table} r where id = ${id}`,
    )
    expect(plain(after.rows[0]?.body), `${kind}/${id}`).toEqual(plain(body))
  }
}, 60_000)

test("a past event tells who would have got what, without anything being written", async () => {
  const viewer = await admin.as("ops")
  const [event] = (
    await db.execute<{ id: string }>(sql`select id from stripe_events where type = 'invoice.paid' limit 1`)
  ).rows
  const rows = async () => (await db.execute(sql`select count(*)::int as count from rule_firings`)).rows[0]?.count
  const before = await rows()
  const answer = await viewer.post("/automations/rules/new", {
    ...rule,
    name: "Try me",
    does: "try",
    event: event?.id ?? "",
  })
  const html = await answer.text()
  expect(html).toContain("This rule would have fired")
  expect(html).toContain("Staff are told: A big one")
  const other = {
    ...rule,
    name: "Try me",
    does: "try",
    event: event?.id ?? "",
    ...condition("if", [["customer.country", "eq", "XX"]]),
  }
  expect(await (await viewer.post("/automations/rules/new", other)).text()).toContain("would not have fired")
  expect(await (await viewer.post("/automations/rules/new", { ...other, event: "evt_none" })).text()).toContain(
    "No event",
  )
  expect(await rows()).toBe(before)
  expect(await ruleRow("try-me")).toBeUndefined()
})

test("what ends a sequence is written in rows; a row that is half filled in is asked for and stays", async () => {
  const ops = await admin.as("ops")
  const form = {
    name: "With an end",
    mailClass: "transactional",
    staleAfterHours: "48",
    template: "welcome",
    amount: "0",
    unit: "hours",
    time: "",
    exit: "0",
    ...condition("exit-0", [["subscription.status", "in", "canceled, unpaid"]]),
    "exit-0-reason": "",
    does: "save",
  }
  const asked = await ops.post("/automations/sequences/new", form)
  expect([asked.status, await asked.text()]).toEqual([400, expect.stringContaining("canceled, unpaid")])
  const kept = await ops.post("/automations/sequences/new", { ...form, "exit-0-reason": "they are gone" })
  expect(kept.headers.get("location")).toBe("/automations/sequences/with-an-end?saved=1")
  const rows = await database.db.execute(sql`select exits from sequences where id = 'with-an-end'`)
  expect(rows.rows).toEqual([
    {
      exits: [
        {
          when: { field: "subscription.status", op: "in", value: ["canceled", "unpaid"] },
          reason: "they are gone",
        },
      ],
    },
  ])
})

test("groups within groups are written without script: added, moved in and out, taken out, and the form stays as typed", async () => {
  const ops = await admin.as("ops")
  let html = await (await ops.get("/automations/rules/new")).text()
  const press = async (label: string, typed: Record<string, string[]> = {}) => {
    const does = new RegExp(`<button[^>]*value="([^"]*)"[^>]*aria-label="${label}"`).exec(html)?.[1]
    expect(does, label).toBeDefined()
    const answer = await ops.post("/automations/rules/new", { ...formIn(html), ...typed, does: does ?? "" })
    expect(answer.status).toBe(200)
    html = await answer.text()
  }
  await press("Add group", { name: ["Nested <b>"], "if-field": ["customer.country"], "if-value": ["DE"] })
  expect(html).toContain('value="Nested &lt;b&gt;"')
  await press("Add condition to group 2", {
    "if-match": ["all", "any"],
    "if-field": ["customer.country", "customer.metadata"],
    "if-key": ["", "plan"],
    "if-value": ["DE", "pro, plus"],
    "if-op": ["eq", "in"],
  })
  await press("Move condition 2.2 into a group", {
    "if-match": ["all", "none"],
    "if-field": ["customer.country", "customer.metadata", "invoice.total"],
    "if-op": ["eq", "in", "gte"],
    "if-value": ["DE", "pro, plus", "1990"],
  })
  await press("Add condition")
  await press("Move condition 3 into a group")
  await press("Move condition 2.3 out of its group")
  await press("Remove condition 3")
  const kept = await ops.post("/automations/rules/new", {
    ...formIn(html),
    changeKind: ["invoice.paid"],
    do: ["notify_staff"],
    target: ["Look"],
    subject: [""],
    unless: [""],
  })
  expect(kept.headers.get("location")).toBe("/automations/rules/nested-b?saved=1")
  const total = { field: "invoice.total", op: "gte", value: 1990 }
  const plan = { field: "customer.metadata.plan", op: "in", value: ["pro", "plus"] }
  expect(await ruleRow("nested-b")).toMatchObject({
    condition: {
      all: [{ field: "customer.country", op: "eq", value: "DE" }, { not: { any: [plan, { any: [total] }] } }],
    },
  })
})

test.each([
  [
    "no key of what has many",
    [["customer.metadata", "eq", "x"]],
    "give the key that is looked up in customer: metadata",
  ],
  ["no field", [["", "eq", "<b>"]], "choose the field that is compared with &quot;&lt;b&gt;&quot;"],
  ["nothing to compare with", [["customer.country", "eq", " "]], "say what customer: country is compared with"],
  ["an amount that is none", [["invoice.total", "gte", "19,90"]], "19.90 is 1990"],
  ["neither yes nor no", [["customer.delinquent", "eq", "maybe"]], "is yes or no"],
  ["an operator that there is not", [["customer.country", "near", "DE"]], "cannot be compared by"],
] as const)("a condition with %s is answered in words, and stays", async (_what, rows, told) => {
  const ops = await admin.as("ops")
  const fields = {
    ...rule,
    ...condition(
      "if",
      rows.map(([...row]) => row),
    ),
    name: "Wrong one",
  }
  const answer = await ops.post("/automations/rules/new", fields)
  const html = await answer.text()
  expect([answer.status, html]).toEqual([400, expect.stringContaining(told)])
  expect(html).toContain("Condition 1:")
  expect(await ruleRow("wrong-one")).toBeUndefined()
})

test.each([
  ["an empty group", ["group:1"], "Group 1 has nothing in it"],
  [
    "a thousand groups within each other",
    Array.from({ length: 1000 }, (_, at) => `group:${at + 1}`),
    "A condition has at most 200 parts",
  ],
  ["a hundred groups within each other", Array.from({ length: 100 }, (_, at) => `group:${at + 1}`), "at most 8 deep"],
  ["lines that are none", ["nonsense:-1", "group:99999999", "group:1e3"], "Group 2 has nothing"],
])("a condition with %s is shown within bounds, and why it is not kept", async (_what, lines, told) => {
  const ops = await admin.as("ops")
  const fields = { ...rule, "if-line": lines, "if-match": lines.map(() => "any"), name: "Wrong one" }
  for (const does of ["save", "if indent 1", "try"]) {
    const answer = await ops.post("/automations/rules/new", { ...fields, does })
    const html = await answer.text()
    if (does === "save" || answer.status !== 200)
      expect([answer.status, html]).toEqual([400, expect.stringContaining(told)])
    expect(html.length).toBeLessThan(2_000_000)
  }
  expect(await ruleRow("wrong-one")).toBeUndefined()
})

test("a rule is paused and resumed; who may not write is refused", async () => {
  const ops = await admin.as("ops")
  await ops.post("/automations/rules/big-spenders/enabled", { enabled: "no" })
  expect(await ruleRow("big-spenders")).toMatchObject({ enabled: false })
  await ops.post("/automations/rules/big-spenders/enabled", { enabled: "yes" })
  expect(await ruleRow("big-spenders")).toMatchObject({ enabled: true })
  const support = await admin.as("support")
  expect((await support.post("/automations/rules/big-spenders/enabled", { enabled: "no" })).status).toBe(403)
  expect((await support.post("/automations/rules/new", rule)).status).toBe(403)
  expect(await (await support.get("/automations")).text()).not.toContain("New rule")
})

test("in a browser, without documentation: a sequence, a rule that enrols in it, a try, and the next event's mail", async () => {
  const { page, problems } = await admin.browser("owner")
  await page.goto("/automations")
  await screenshots(page, "admin-automations")
  await expectAccessible(page)
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.getByRole("link", { name: "New sequence" }).click()
  await page.getByLabel("Name").fill("Thank you")
  await page.getByLabel("Mail 1", { exact: true }).selectOption({ label: "Welcome" })
  await page.getByLabel("after", { exact: true }).first().fill("0")
  await page.getByRole("button", { name: "Create sequence" }).click()
  await page.getByText("Rules can enrol people in it now").waitFor()

  await page.goto("/automations/rules/new")
  await page.getByLabel("Name").fill("Thank who pays")
  await page.getByLabel("Reacts to").selectOption({ label: "Invoice paid" })
  await page.getByLabel("Field").first().selectOption("customer.country")
  await settled(page)
  await page.getByLabel("compares").first().selectOption({ label: "is known" })
  await page.getByLabel("Action").first().selectOption({ label: "Enrol in a sequence" })
  await page.getByLabel("Sequence, tag or message").first().fill("thank-you")
  await page.getByLabel("Once for each, or why").first().fill("invoice")
  await page
    .getByLabel("Event")
    .fill(String((await db.execute(sql`select id from stripe_events where type = 'invoice.paid' limit 1`)).rows[0]?.id))
  await page.getByRole("button", { name: "Try", exact: true }).click()
  await page.getByText("This rule would have fired.").waitFor()
  await screenshots(page, "admin-rule")
  await expectAccessible(page)
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.getByRole("button", { name: "Create rule" }).click()
  await page.getByText("It holds from the next event on").waitFor()

  const before = world.events.length
  world.renewNow(world.all("subscription")[1]?.id ?? "")
  await play(ctx, world.events.slice(before))
  const planned = await db.execute(sql`
    select o.status, o.template_id from enrolments e join email_outbox o on o.enrolment_id = e.id where e.sequence_id = 'thank-you'`)
  expect(planned.rows).toContainEqual({ status: "due", template_id: "welcome" })
  await page.goto("/automations/sequences/thank-you")
  await page.getByText("wait for it").waitFor()
  await screenshots(page, "admin-sequence")
  await expectAccessible(page)
  expect(problems).toEqual([])
}, 60_000)

/** What has just come answers once htmx has settled it. */
const settled = (page: Page) =>
  expect.poll(() => page.locator(".htmx-request, .htmx-added, .htmx-settling").count()).toBe(0)

/** A single comparison means the same with "all" around it as without. */
const plain = (body: unknown): unknown => {
  const { condition, ...rest } = Object(body)
  const [only, ...more] = condition?.all ?? []
  return { ...rest, condition: only && more.length === 0 ? only : condition }
}

/** What a browser would send of the page's form if nobody touched it. */
function formIn(html: string): Record<string, string[]> {
  const form = /<form[^>]*data-again[^>]*>(.*?)<\/form>/s.exec(html)?.[1] ?? ""
  const fields: Record<string, string[]> = { does: ["save"] }
  const text = (value: string) =>
    value
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&amp;", "&")
  const add = (name: string, value: string) => {
    fields[name] = [...(fields[name] ?? []), text(value)]
  }
  const attribute = (tag: string, name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]
  for (const [tag] of form.matchAll(/<(?:input[^>]*|select[^>]*>.*?<\/select|textarea[^>]*>.*?<\/textarea)>/gs)) {
    const name = attribute(/^<[^>]*>/.exec(tag)?.[0] ?? tag, "name")
    if (!name || name === "event") continue
    if (tag.startsWith("<select")) add(name, /<option value="([^"]*)" selected/.exec(tag)?.[1] ?? "")
    else if (tag.startsWith("<textarea")) add(name, /^<textarea[^>]*>(.*)<\/textarea>$/s.exec(tag)?.[1] ?? "")
    else if (!/type="checkbox"/.test(tag)) add(name, attribute(tag, "value") ?? "")
    else if (/\schecked/.test(tag)) add(name, attribute(tag, "value") ?? "")
  }
  return fields
}
