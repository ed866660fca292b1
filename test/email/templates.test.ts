import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { defaultTemplates } from "../../shared/automation/defaults/seedDefaults.ts"
import type { InvoiceFacts } from "../../shared/billing/facts.ts"
import { createRenderer } from "../../shared/email/createRenderer.ts"
import { readableOn } from "../../shared/email/layout.ts"
import { mailVariables } from "../../shared/email/mailVariables.ts"
import { sampleVariables } from "../../shared/email/sampleVariables.ts"
import { lintTemplate } from "../../shared/email/templates/lintTemplate.ts"
import { saveTemplate, type TemplateInput } from "../../shared/email/templates/saveTemplate.ts"
import { settingSchemas } from "../../shared/settings/settings.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const brand = settingSchemas.brand.parse(undefined)
const template = (change: Partial<TemplateInput & { seenVersion: number }> = {}) => ({
  seenVersion: 0,
  id: "greeting",
  name: "Greeting",
  mailClass: "transactional" as const,
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
  const ctx = testContext({
    db,
    vendors: {},
    actor: { kind: "staff", id: "s1", email: "ops@example.com", name: "Ops", role: "ops" },
  })
  expect(await saveTemplate(ctx, template())).toEqual({ version: 1 })
  expect(await saveTemplate(ctx, template({ subject: "Hello again", seenVersion: 1 }))).toEqual({ version: 2 })
  const kept = await db.execute(
    sql`select t.version as used, v.version, v.subject, v.created_by from templates t join template_versions v on v.template_id = t.id order by v.version`,
  )
  expect(kept.rows).toEqual([
    { used: 2, version: 1, subject: "Hello {{ customer.name }}", created_by: "ops@example.com" },
    { used: 2, version: 2, subject: "Hello again", created_by: "ops@example.com" },
  ])
})

test.each([
  [
    "an unknown variable where no sample leads",
    { html: "{% if invoice.status == 'void' %}\n{{ invoice.nmber }}{% endif %}" },
    /html, line 2, column 4: there is no variable "invoice\.nmber"/,
  ],
  [
    "an unknown variable in a condition",
    { text: "x {% if custmer.name %}y{% endif %}" },
    /there is no variable "custmer\.name"/,
  ],
  ["a group where a variable belongs", { text: "{{ customer }}" }, /name one of id, /],
  ["a variable looked up by a value", { text: "x{{ change[customer.name] }}" }, /looked up by a value/],
  ["a way around the escaping", { html: "{{ customer.name | raw }}" }, /undefined filter: raw/],
  ["a subject on two lines", { subject: "Hello\r\nBcc: all@example.com" }, /subject: it must be on one line/],
  [
    "a subject that is empty for some",
    { subject: "{{ invoice.number }}" },
    /for a customer "bare": the subject is empty/,
  ],
  ["a text that is empty for some", { text: "{{ invoice.number }}" }, /the text is empty/],
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
  [1000, "eur", "€10.00"],
  [1190, "jpy", "¥1,190"],
  [1190, "kwd", "KWD 1.190"],
  [100_000, "huf", "HUF 1,000"],
  [100_050, "huf", "HUF 1,000.50"],
  [500_000, "isk", "ISK 5,000"],
  [-500, "usd", "-$5.00"],
  [1190, "x<", "11.90 x<"],
])("%s minor units of %s read %s", (amount, currency, shown) => {
  const { full } = sampleVariables(brand)
  const source = { ...template({ text: "{{ change.amount | money: change.currency }}" }), version: 1 }
  const mail = createRenderer().render(source, { ...full, change: { ...full.change, amount, currency } }, "UTC")
  expect(mail.text.replace(/\u00a0/g, " ")).toContain(`${shown}\n`)
})

test("metadata may be absent, and is nothing then", async () => {
  const source = template({
    id: "with-metadata",
    text: "Hi {{ customer.metadata.discord_name | default: 'there' }}{% if subscription.metadata.server %} on {{ subscription.metadata.server }}{% endif %}.",
  })
  await saveTemplate(testContext({ db, vendors: {} }), source)
  const { full, bare } = sampleVariables(brand)
  const known = { ...full, customer: { ...full.customer, metadata: { discord_name: "ada#1" } } }
  const text = (variables: typeof full) => createRenderer().render({ ...source, version: 1 }, variables, "UTC").text
  expect(text(known)).toMatch(/^Hi ada#1\./)
  expect(text(bare)).toMatch(/^Hi there\./)
})

test("of three who save at once one makes the next version, and the others are told", async () => {
  const ctx = testContext({ db, vendors: {} })
  for (const seenVersion of [0, 1]) {
    const tries = [1, 2, 3].map((n) => saveTemplate(ctx, template({ id: "raced", subject: `Try ${n}`, seenVersion })))
    const saved = await Promise.allSettled(tries)
    expect(saved.flatMap((each) => (each.status === "fulfilled" ? [each.value.version] : []))).toEqual([
      seenVersion + 1,
    ])
    expect(saved.flatMap((each) => (each.status === "rejected" ? [each.reason.code] : []))).toEqual([
      "conflict",
      "conflict",
    ])
  }
})

test.each([
  ["#2f5bd8", "#ffffff"],
  ["#ffe14d", "#111827"],
  ["#ffffff", "#111827"],
  ["#000000", "#ffffff"],
])("on %s the header is written in %s", (color, ink) => {
  expect(readableOn(color)).toBe(ink)
})

test("a link to pay that is no web address becomes the account's", () => {
  const { full } = sampleVariables(brand)
  const invoice: InvoiceFacts = {
    id: "in_1",
    number: null,
    status: "open",
    currency: "eur",
    total: 100,
    amountDue: 100,
    amountPaid: 0,
    amountRemaining: 100,
    attemptCount: 1,
    nextPaymentAttempt: null,
    billingReason: null,
    hostedInvoiceUrl: "javascript:alert(1)",
  }
  const { links } = mailVariables({ ...full, subscription: null, invoice })
  expect(links.pay).toBe(brand.accountUrl)
})

test("dates come out on the customer's clock", () => {
  const { full } = sampleVariables(brand)
  const source = { ...template({ text: "{{ subscription.trialEnd | datetime }}" }), version: 1 }
  const variables = { ...full, subscription: { ...full.subscription, trialEnd: "2026-12-31T23:30:00Z" } }
  expect(createRenderer().render(source, variables, "Asia/Kolkata").text).toContain("January 1, 2027 at 5:00")
})
