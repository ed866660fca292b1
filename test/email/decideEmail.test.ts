import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { decideEmail, type EmailCase } from "../../shared/email/decideEmail.ts"
import { sampleVariables } from "../../shared/email/sampleVariables.ts"
import { settingSchemas } from "../../shared/settings/settings.ts"
import { aSubscription } from "../automation/samples.ts"

const now = new Date("2026-11-20T12:00:00Z")
const { customer } = sampleVariables(settingSchemas.brand.parse(undefined)).full
const settings = settingSchemas.marketing.parse(undefined)

const mail = (change: Partial<EmailCase> = {}): EmailCase => ({
  now,
  dueAt: now,
  staleAt: new Date("2026-11-22T12:00:00Z"),
  mailClass: "transactional",
  customer,
  subscription: null,
  invoice: null,
  change: {},
  enrolment: null,
  suppression: null,
  hasTemplate: true,
  putOffBecause: null,
  recentMarketing: 0,
  timeZone: "Europe/Berlin",
  settings,
  ...change,
})
const marketing = (change: Partial<EmailCase> = {}) => mail({ mailClass: "marketing", ...change })
const enrolled = (change: Partial<NonNullable<EmailCase["enrolment"]>> = {}): Partial<EmailCase> => ({
  enrolment: { status: "active", exitReason: null, invoiceId: null, sequence: { enabled: true, exits: [] }, ...change },
})
const isActive = { field: "customer.stage", op: "eq" as const, value: "active" }
const bounced = { suppression: { reason: "bounce", all: true } }
const complained = { suppression: { reason: "complaint", all: true } }
const unsubscribed = { suppression: { reason: "unsubscribe", all: false } }

test.each<[string, EmailCase, object]>([
  ["nothing speaks against it", mail(), { do: "send" }],
  ["it is marketing at noon", marketing(), { do: "send" }],
  ["the last moment before it is stale", mail({ staleAt: now }), { do: "send" }],
  ["a moment later", mail({ staleAt: new Date(now.getTime() - 1) }), { do: "drop", status: "stale" }],
  [
    "it was put off until it was stale",
    mail({ staleAt: new Date(0), putOffBecause: "quiet hours" }),
    { status: "stale", reason: "came due too long ago: quiet hours" },
  ],
  [
    "the customer left the sequence",
    mail(enrolled({ status: "exited", exitReason: "paid" })),
    { status: "cancelled", reason: "paid" },
  ],
  ["the sequence has been completed otherwise", mail(enrolled({ status: "completed" })), { do: "send" }],
  [
    "an exit condition holds",
    mail(enrolled({ sequence: { enabled: true, exits: [{ when: isActive, reason: "is active" }] } })),
    { do: "leave", reason: "is active" },
  ],
  [
    "an exit condition does not hold",
    mail(enrolled({ sequence: { enabled: true, exits: [{ when: { not: isActive }, reason: "is not" }] } })),
    { do: "send" },
  ],
  [
    "the sequence is switched off",
    mail(enrolled({ sequence: { enabled: false, exits: [] } })),
    { do: "postpone", until: new Date("2026-11-20T13:00:00Z") },
  ],
  ["the sequence is gone or broken", mail(enrolled({ sequence: null })), { do: "drop", status: "failed" }],
  ["the customer does not exist", mail({ customer: null }), { do: "drop", status: "failed" }],
  ["the customer is deleted", mail({ customer: { ...customer, deleted: true } }), { do: "drop", status: "suppressed" }],
  [
    "the customer has no address",
    mail({ customer: { ...customer, email: null } }),
    { do: "drop", status: "suppressed" },
  ],
  ["the address is empty", mail({ customer: { ...customer, email: "" } }), { do: "drop", status: "suppressed" }],
  [
    "the customer's record has not been seen",
    mail({ customer: { ...customer, email: null, known: false } }),
    { do: "postpone", until: new Date("2026-11-20T12:10:00Z") },
  ],
  [
    "the address holds a line break",
    mail({ customer: { ...customer, email: "a@b.example\r\nBcc: c@d.example" } }),
    { do: "drop", status: "failed" },
  ],
  [
    "the address is a list",
    mail({ customer: { ...customer, email: "a@b.example,c@d.example" } }),
    { do: "drop", status: "failed" },
  ],
  [
    "the address is endless",
    mail({ customer: { ...customer, email: `${"a".repeat(300)}@b.example` } }),
    { do: "drop", status: "failed" },
  ],
  ["the template is gone", mail({ hasTemplate: false }), { do: "drop", status: "failed" }],
  [
    "the address bounced",
    mail(bounced),
    { do: "drop", status: "suppressed", reason: "the address is suppressed: bounce" },
  ],
  ["somebody complained", mail(complained), { do: "drop", status: "suppressed" }],
  ["the address is unsubscribed, but the mail is transactional", mail(unsubscribed), { do: "send" }],
  ["the address is unsubscribed", marketing(unsubscribed), { do: "drop", status: "suppressed" }],
  ["the cap has room for one more", marketing({ recentMarketing: settings.capMails - 1 }), { do: "send" }],
  ["the cap is reached", marketing({ recentMarketing: settings.capMails }), { do: "drop", status: "suppressed" }],
  [
    "the cap is reached, but at night nobody has to decide that yet",
    marketing({ recentMarketing: settings.capMails, now: new Date("2026-11-20T22:00:00Z") }),
    { do: "postpone" },
  ],
  [
    "the subscription has moved to another business's product",
    mail({ ...enrolled(), subscription: aSubscription({ relevant: false }) }),
    { do: "leave", reason: "the subscription is no longer one of our products" },
  ],
  [
    "it has moved, but the invoice is ours",
    mail({ ...enrolled({ invoiceId: "in_1" }), subscription: aSubscription({ relevant: false }) }),
    { do: "send" },
  ],
  ["the cap is reached, but the mail is transactional", mail({ recentMarketing: 99 }), { do: "send" }],
])("%s", (_name, input, decision) => {
  expect(decideEmail(input)).toMatchObject(decision)
})

describe("quiet hours", () => {
  const at = (instant: string, timeZone: string, change: Partial<EmailCase> = {}) =>
    decideEmail(marketing({ now: new Date(instant), staleAt: new Date("2030-01-01"), timeZone, ...change }))
  const until = (instant: string) => ({ do: "postpone", until: new Date(instant), reason: "quiet hours" })

  test.each([
    ["21:00 in Berlin", "2026-11-20T20:00:00Z", "Europe/Berlin", until("2026-11-21T07:00:00Z")],
    ["20:59 in Berlin", "2026-11-20T19:59:00Z", "Europe/Berlin", { do: "send" }],
    ["03:00 in New York", "2026-11-20T08:00:00Z", "America/New_York", until("2026-11-20T13:00:00Z")],
    ["08:00 in New York", "2026-11-20T13:00:00Z", "America/New_York", { do: "send" }],
    ["a zone of half an hour", "2026-11-20T16:00:00Z", "Asia/Kolkata", until("2026-11-21T02:30:00Z")],
    [
      "the night in which the clock goes forward",
      "2026-03-28T22:00:00Z",
      "Europe/Berlin",
      until("2026-03-29T06:00:00Z"),
    ],
    ["the night in which it goes back", "2026-10-24T22:00:00Z", "Europe/Berlin", until("2026-10-25T07:00:00Z")],
  ])("%s", (_name, instant, zone, decision) => {
    expect(at(instant, zone)).toEqual(decision)
  })

  test("do not hold for transactional mail", () => {
    expect(at("2026-11-20T22:00:00Z", "Europe/Berlin", { mailClass: "transactional" })).toEqual({ do: "send" })
  })

  test("always end later than now, also in the hour that comes twice", () => {
    const clock = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom("00", "30"))
    fc.assert(
      fc.property(
        clock,
        clock,
        fc.integer({ min: 0, max: 24 * 60 }),
        fc.constantFrom("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"),
        ([from, a], [to, b], minutes, zone) => {
          const night = new Date(Date.UTC(2026, 9, 24, 18) + minutes * 60_000)
          const quiet = {
            quietFrom: `${String(from).padStart(2, "0")}:${a}`,
            quietUntil: `${String(to).padStart(2, "0")}:${b}`,
          }
          const decision = at(night.toISOString(), zone, { settings: { ...settings, ...quiet } })
          if (decision.do !== "postpone") return
          expect(decision.until.getTime()).toBeGreaterThan(night.getTime())
          expect(decision.until.getTime() - night.getTime()).toBeLessThanOrEqual(26 * 3_600_000)
        },
      ),
      { numRuns: 300, seed: 7 },
    )
  })
})
