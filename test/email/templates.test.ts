import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { defaultTemplates } from "../../shared/automation/defaults/seedDefaults.ts"
import { createRenderer } from "../../shared/email/createRenderer.ts"
import { lintTemplate } from "../../shared/email/lintTemplate.ts"
import { sampleVariables } from "../../shared/email/sampleVariables.ts"
import { saveTemplate, type TemplateInput } from "../../shared/email/saveTemplate.ts"
import { settingSchemas } from "../../shared/settings/settings.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const brand = settingSchemas.brand.parse(undefined)
const template = (change: Partial<TemplateInput> = {}): TemplateInput => ({
  id: "greeting",
  name: "Greeting",
  mailClass: "transactional",
  subject: "Hello {{ customer.name }}",
  html: "<p>{{ customer.name }}</p>",
  text: "Hello {{ customer.name }}",
  ...change,
})

test.each(defaultTemplates.map((each) => [each.id, each] as const))(
  "the shipped mail %s renders with everything known and with next to nothing",
  (_id, shipped) => {
    expect(lintTemplate({ ...shipped, version: 1 }, brand)).toEqual([])
    const { full } = sampleVariables(brand)
    const mail = createRenderer().render({ ...shipped, version: 1 }, full, "Europe/Berlin")
    expect(mail.subject.length).toBeLessThanOrEqual(60)
    expect(mail.html).toContain("Sam Sample")
    expect(`${mail.html}${mail.text}`).not.toMatch(/undefined|null|NaN|\{\{|\[object/)
  },
)

test("saving keeps every version and puts the last to use", async () => {
  const ctx = testContext({ db, vendors: {}, actor: { kind: "staff", id: "s1" } })
  expect(await saveTemplate(ctx, template())).toEqual({ version: 1 })
  expect(await saveTemplate(ctx, template({ subject: "Hello again" }))).toEqual({ version: 2 })
  const kept = await db.execute(
    sql`select t.version as used, v.version, v.subject, v.created_by from templates t join template_versions v on v.template_id = t.id order by v.version`,
  )
  expect(kept.rows).toEqual([
    { used: 2, version: 1, subject: "Hello {{ customer.name }}", created_by: "staff:s1" },
    { used: 2, version: 2, subject: "Hello again", created_by: "staff:s1" },
  ])
})

test.each([
  ["an unknown variable", { html: "<p>{{ customer.nmae }}</p>" }, /customer\.nmae/],
  ["a misspelt object", { text: "{{ custommer.name }}" }, /custommer/],
  ["a tag that is not closed", { html: "{% if invoice.id %}" }, /not closed/],
  ["an unknown filter", { text: "{{ customer.name | shout }}" }, /shout/],
  ["a tag that would read files", { html: "{% include 'x' %}" }, /html: tag "include" not found, line:1/],
  ["reaching into a prototype", { text: "{{ customer.constructor.name }}" }, /constructor/],
  ["an endless loop", { html: "{% for i in (1..100000000) %}x{% endfor %}" }, /limit/],
  ["no text part", { text: "" }, /text/],
  ["an id with markup", { id: "<x>" }, /id/],
  ["a mail that Gmail would cut off", { html: `<p>${"x".repeat(110_000)}</p>` }, /Gmail/],
])("%s is refused at save and nothing is kept", async (_name, change, message) => {
  const ctx = testContext({ db, vendors: {} })
  await expect(saveTemplate(ctx, template({ id: "broken", ...change }))).rejects.toThrow(message)
  expect((await db.execute(sql`select from templates where id = 'broken'`)).rowCount).toBe(0)
})

test("hostile names are inert in HTML, subject and text", () => {
  const { full } = sampleVariables(brand)
  const name = "<img src=x onerror=alert(1)>{{ brand.name }}\r\nBcc: everybody@example.com \"'&"
  const mail = createRenderer().render(
    { ...template(), version: 1 },
    { ...full, customer: { ...full.customer, name } },
    "UTC",
  )
  expect(mail.html).not.toContain("<img src=x")
  expect(mail.html).toContain("&lt;img src=x onerror=alert(1)&gt;{{ brand.name }}")
  expect(mail.subject).not.toMatch(/[\r\n]/)
  expect(mail.text).toContain("{{ brand.name }}")
})

test.each([
  [1190, "eur", "€11.90"],
  [1190, "jpy", "¥1,190"],
  [1190, "kwd", "KWD 1.190"],
  [-500, "usd", "-$5.00"],
])("%s minor units of %s read %s", (amount, currency, shown) => {
  const { full } = sampleVariables(brand)
  const source = { ...template({ text: "{{ change.amount | money: change.currency }}" }), version: 1 }
  const mail = createRenderer().render(source, { ...full, change: { ...full.change, amount, currency } }, "UTC")
  expect(mail.text.replace(/\u00a0/g, " ")).toContain(shown)
})

test("dates come out on the customer's clock", () => {
  const { full } = sampleVariables(brand)
  const source = { ...template({ text: "{{ subscription.trialEnd | datetime }}" }), version: 1 }
  const variables = { ...full, subscription: { ...full.subscription, trialEnd: "2026-12-31T23:30:00Z" } }
  expect(createRenderer().render(source, variables, "Asia/Kolkata").text).toContain("January 1, 2027 at 5:00")
})
