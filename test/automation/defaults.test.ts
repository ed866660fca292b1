import { sql } from "drizzle-orm"
import { describe, expect, test } from "vitest"
import { fieldType } from "../../shared/automation/conditionFields.ts"
import { defaultRules } from "../../shared/automation/defaults/rules.ts"
import { defaultTemplates, seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { defaultSequences } from "../../shared/automation/defaults/sequences.ts"
import { saveRule } from "../../shared/automation/saveRule.ts"
import { saveSequence } from "../../shared/automation/saveSequence.ts"
import type { Change } from "../../shared/billing/change.ts"
import type { ChangeDraft } from "../../shared/billing/events/interpretation.ts"
import { interpretEvent } from "../../shared/billing/events/interpretEvent.ts"
import { part } from "../../shared/billing/stripe/read.ts"
import { createRenderer } from "../../shared/email/createRenderer.ts"
import { sampleVariables } from "../../shared/email/sampleVariables.ts"
import { saveTemplate } from "../../shared/email/templates/saveTemplate.ts"
import { settingSchemas } from "../../shared/settings/settings.ts"
import { playedHistory } from "../support/playedHistory.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { load, rows } from "./inDatabase.ts"
import { playPlans } from "./playPlans.ts"
import {
  aChange,
  aCustomer,
  anInvoice,
  aSubscription,
  automationOf,
  day,
  hour,
  input,
  later,
  mailsOf,
  noon,
  standings,
} from "./samples.ts"

const { db } = useDatabase()
const ctx = testContext({ db, now: noon, vendors: {} })
const world = () => playPlans(automationOf(defaultRules, defaultSequences))
const failed = (attempt: number, data: Change["data"] = {}, at = 0) =>
  aChange("invoice.payment_failed", {
    key: `invoice.payment_failed:in_1:${attempt}`,
    occurredAt: later(at),
    data: { attempt, nextAttemptAt: "2026-11-27T12:00:00.000Z", billingReason: "subscription_cycle", ...data },
  })
const actionRequired = (at = 0) =>
  aChange("invoice.action_required", { key: "invoice.action_required:in_1:1", occurredAt: later(at) })

/** Days from the change to each mail. */
const calendar = (id: string) => {
  const sequence = defaultSequences.find((each) => each.id === id)
  return sequence?.steps.map(({ delay, template }) => [
    "after" in delay ? delay.after / 1440 : `${delay.days} at ${delay.at}`,
    template,
  ])
}

describe("seeding", () => {
  test("brings rules, sequences and texts that would all pass when saved by staff", async () => {
    await seedDefaults(ctx)
    const loaded = await load(db, [])
    expect(loaded.problems).toEqual([])
    expect(loaded.rules).toHaveLength(defaultRules.length)
    expect(loaded.sequences.size).toBe(defaultSequences.length)
    for (const template of defaultTemplates) await saveTemplate(ctx, { ...template, seenVersion: 1 })
    for (const sequence of defaultSequences) await saveSequence(ctx, { ...input(sequence), seenVersion: 1 })
    for (const rule of defaultRules) await saveRule(ctx, { ...input(rule), seenVersion: 1 })
  })

  test("twice is once, and never overwrites what staff edited", async () => {
    await saveTemplate(ctx, {
      seenVersion: 2,
      id: "welcome",
      name: "Ours",
      mailClass: "transactional",
      subject: "Hej",
      html: "<p>Hej</p>",
      text: "Hej",
    })
    const [welcome] = defaultSequences
    if (welcome) await saveSequence(ctx, { ...input(welcome), name: "Our welcome", seenVersion: 2 })
    const [rule] = defaultRules
    if (rule) await saveRule(ctx, { ...input(rule), enabled: false, seenVersion: 2 })
    await db.execute(sql`delete from sequences where id = 'win-back'`)
    const state = () =>
      Promise.all([
        rows(db, sql`select * from rules order by id`),
        rows(db, sql`select * from sequences where id <> 'win-back' order by id`),
        rows(db, sql`select * from templates order by id`),
        rows(db, sql`select * from template_versions order by template_id, version`),
      ])
    const before = await state()
    await seedDefaults({ ...ctx, now: () => later(day) })
    await seedDefaults({ ...ctx, now: () => later(2 * day) })
    expect(await state()).toEqual(before)
    expect(await rows(db, sql`select version from sequences where id = 'win-back'`)).toEqual([{ version: 1 }])
  })

  test("leaves no text unused and no sequence without a rule", () => {
    const used = new Set(defaultSequences.flatMap(({ steps }) => steps.map(({ template }) => template)))
    expect([...used].sort()).toEqual(defaultTemplates.map(({ id }) => id).sort())
    const enrolled = new Set(
      defaultRules.flatMap(({ actions }) =>
        actions.flatMap((action) => (action.do === "enrol" ? action.sequence : [])),
      ),
    )
    expect([...enrolled].sort()).toEqual(defaultSequences.map(({ id }) => id).sort())
  })
})

describe("the calendar", () => {
  test("welcome at once, set-up tips a day later, then days 2, 4 and 7", () => {
    expect(calendar("welcome")).toEqual([[0, "welcome"]])
    expect(calendar("onboarding")).toEqual([
      [1, "setup-tips"],
      [2, "onboarding-day-2"],
      [4, "onboarding-day-4"],
      [7, "onboarding-day-7"],
    ])
  })

  test("dunning at once and on days 3, 7 and 10, with texts of its own where the bank asks for authentication", () => {
    const dunning = calendar("dunning") ?? []
    const authentication = calendar("dunning-authentication") ?? []
    expect(dunning.map(([days]) => days)).toEqual([0, 3, 7, 10])
    expect(authentication.map(([days]) => days)).toEqual([0, 3, 7, 10])
    expect(new Set([...dunning, ...authentication].map(([, template]) => template)).size).toBe(8)
  })

  test("win-back at nine on the customer's clock, 30 days after the end, as marketing", () => {
    expect(calendar("win-back")).toEqual([["30 at 09:00", "win-back"]])
    const made = world().play([aChange("subscription.ended")], {
      customers: [aCustomer({ stage: "churned", timeZone: "America/New_York" })],
    })
    expect(made.outbox).toMatchObject([
      { dueAt: new Date("2026-12-20T14:00:00Z"), mailClass: "marketing", status: "due" },
    ])
  })
})

describe("a new subscriber", () => {
  test("is welcomed per subscription and shown around once", () => {
    const played = world()
    expect(mailsOf(played.play([aChange("subscription.activated")]))).toHaveLength(5)
    const second = aChange("subscription.activated", {
      subjectId: "sub_2",
      subscriptionId: "sub_2",
      key: "subscription.activated:sub_2",
    })
    expect(mailsOf(played.play([second]))).toEqual(["welcome: due"])
  })

  test("is not shown around further when the subscription has ended", () => {
    const played = world()
    played.play([aChange("subscription.activated")])
    played.play([aChange("subscription.ended")], {
      subscriptions: [aSubscription({ status: "canceled" })],
      customers: [aCustomer({ stage: "churned" })],
    })
    expect(standings(played.enrolments())).toEqual([
      expect.stringContaining("onboarding"),
      "welcome/sub_1: exited",
      "win-back/sub_1: active",
    ])
    expect(
      played
        .mails()
        .filter(({ status }) => status === "due")
        .map(({ templateId }) => templateId),
    ).toEqual(["win-back"])
  })
})

describe("dunning", () => {
  test("begins with the first failure, and no later one begins it again", () => {
    const played = world()
    expect(mailsOf(played.play([failed(1)]))[0]).toBe("payment-failed: due")
    expect(played.play([failed(2)])).toMatchObject({ enrolments: [], outbox: [] })
  })

  test.each(["paid", "void", "uncollectible"])("ends at once when the invoice is %s", (status) => {
    const played = world()
    played.play([failed(1)])
    const { exits } = played.play([aChange("invoice.recovered")], { invoices: [anInvoice({ status })] })
    expect(exits).toMatchObject([{ reason: "the invoice is settled" }])
  })

  test("ends with the subscription", () => {
    const played = world()
    played.play([failed(1)])
    expect(played.play([], { subscriptions: [aSubscription({ status: "canceled" })] }).exits).toMatchObject([
      { reason: "the subscription has ended" },
    ])
  })

  test("of a payment that has arrived meanwhile mails nothing but thanks", () => {
    const made = world().play([failed(1), aChange("invoice.recovered")], { invoices: [anInvoice({ status: "paid" })] })
    expect(made.outbox.filter(({ status }) => status === "due").map(({ templateId }) => templateId)).toEqual([
      "payment-recovered",
    ])
  })

  test("leaves a first payment that fails at the checkout to the checkout", () => {
    expect(world().play([failed(1, { billingReason: "subscription_create" })]).outbox).toEqual([])
  })

  test.each([
    ["the decline code says so", { declineCode: "authentication_required" }],
    ["the payment waits for the customer", { requiresAction: true }],
  ])("asks to confirm with the bank where %s", (_name, data) => {
    const made = world().play([failed(1, data)])
    expect(made.outbox.map(({ templateId }) => templateId)).toContain("payment-authentication")
    expect(standings(made.enrolments)).toEqual(["dunning-authentication/in_1: active"])
  })

  test.each<[string, Change[][]]>([
    ["a refusal, then the bank asks", [[failed(1)], [actionRequired(hour)]]],
    ["the bank asks, then the failure is learnt of", [[actionRequired()], [failed(1)]]],
    ["both in one batch", [[failed(1), actionRequired()]]],
    ["a refusal, then an attempt that the bank asks about", [[failed(1)], [failed(2, { requiresAction: true }, day)]]],
    ["the bank asks, then the next attempt is refused", [[failed(1, { requiresAction: true })], [failed(2, {}, day)]]],
  ])("never runs beside asking for authentication: %s", (_name, batches) => {
    const played = world()
    for (const batch of batches) played.play(batch, { now: later(day) })
    const active = played.enrolments().filter(({ status }) => status === "active")
    expect(active.map(({ sequenceId }) => sequenceId)).toEqual(["dunning-authentication"])
    const due = played.mails().filter(({ status }) => status === "due")
    expect(due.map(({ templateId }) => templateId)).toEqual(expect.arrayContaining(["payment-authentication"]))
    expect(due).toHaveLength(4)
  })

  test("tells staff when Stripe will not try again", () => {
    const played = world()
    expect(played.play([failed(1), failed(2)]).notifications).toEqual([])
    expect(played.play([failed(3, { nextAttemptAt: null })]).notifications).toMatchObject([
      { key: "dunning-retries-over:invoice.payment_failed:in_1:3" },
    ])
  })
})

describe("everything else that is told", () => {
  const due = (change: Change, more: Parameters<ReturnType<typeof world>["play"]>[1] = {}) =>
    world()
      .play([change], more)
      .outbox.filter(({ status }) => status === "due")
      .map(({ templateId }) => templateId)

  test("the end of a trial, before and after, but not to who goes on or is being charged", () => {
    const ended = (converted: boolean) => aChange("subscription.trial_ended", { data: { converted } })
    const status = (each: string) => ({ subscriptions: [aSubscription({ status: each })] })
    expect(due(aChange("subscription.trial_will_end"), status("trialing"))).toEqual(["trial-ending"])
    expect(due(aChange("subscription.trial_will_end"), status("canceled"))).toEqual([])
    expect(due(ended(false), status("canceled"))).toEqual(["trial-ended"])
    expect(due(ended(false), status("paused"))).toEqual(["trial-ended"])
    expect(due(ended(false), status("past_due"))).toEqual([])
    expect(due(ended(false), status("active"))).toEqual([])
    expect(due(ended(true), status("active"))).toEqual([])
  })

  test("a cancellation, each time anew, unless it has been taken back", () => {
    const scheduled = { subscriptions: [aSubscription({ cancelScheduled: true })] }
    const cancel = (once: string) =>
      aChange("subscription.cancel_scheduled", { key: `subscription.cancel_scheduled:sub_1:${once}` })
    const played = world()
    for (const once of ["1", "2", "2"]) played.play([cancel(once)], scheduled)
    expect(played.mails().map(({ templateId, status }) => `${templateId}: ${status}`)).toEqual(
      Array(2).fill("cancellation-scheduled: due"),
    )
    expect(due(cancel("1"))).toEqual([])
  })

  test("each refund, and to staff one that failed", () => {
    const refund = (id: string) => aChange("refund.succeeded", { subjectId: id, key: `refund.succeeded:${id}` })
    expect(mailsOf(world().play([refund("re_1"), refund("re_2"), refund("re_1")]))).toEqual(
      Array(2).fill("refund-confirmed: due"),
    )
    expect(world().play([aChange("refund.failed")]).notifications).toHaveLength(1)
  })

  test("a dispute to staff; and nobody who disputed a payment is won back", () => {
    const played = world()
    const opened = played.play([aChange("dispute.opened")])
    expect(opened.notifications).toHaveLength(1)
    expect(opened.tags).toEqual([{ customerId: aCustomer().id, tag: "dispute", add: true }])
    const gone = { customers: [aCustomer({ stage: "churned", tags: ["dispute"] })] }
    expect(standings(played.play([aChange("subscription.ended")], gone).enrolments)).toEqual(["win-back/sub_1: exited"])
  })

  test("nobody is won back who has another subscription or comes back", () => {
    expect(due(aChange("subscription.ended"))).toEqual([])
    const played = world()
    played.play([aChange("subscription.ended")], { customers: [aCustomer({ stage: "churned" })] })
    expect(played.play([], { customers: [aCustomer({ stage: "win_back" })] }).exits).toEqual([])
    expect(played.play([], { customers: [aCustomer({ stage: "trial" })] }).exits).toHaveLength(1)
  })
})

describe("the texts", () => {
  const brand = { ...settingSchemas.brand.parse(undefined), name: "Brand of the Test" }
  const { full, bare } = sampleVariables(brand)
  const each = defaultTemplates.map((template) => [template.id, template] as const)
  const words = (text: string) =>
    text
      .replace(/<a class="button" href="([^"]*)">([^<]*)<\/a>/, "$2: $1")
      .replace(/<[^>]*>/g, " ")
      .split(/\s+/)
      .filter(Boolean)

  test.each(each)(
    "%s says the same in HTML and in text, asks for one thing at most, and names no brand",
    (_id, template) => {
      expect(words(template.text)).toEqual(words(template.html))
      expect(template.html.match(/<a /g)?.length ?? 0).toBeLessThanOrEqual(1)
      expect(template.html).not.toMatch(/<html|<body|<script|style=/)
      expect(`${template.subject}${template.text}`).not.toMatch(
        /Ops HQ|Example Hosting|ModReady|Advancia|!!|unfortunately/i,
      )
    },
  )

  test.each(each)("%s reads well with everything known and with next to nothing", (_id, template) => {
    for (const variables of [full, bare]) {
      const { subject, text } = createRenderer().render({ ...template, version: 1 }, variables, "UTC")
      expect(subject.length).toBeLessThan(60)
      expect(text).toMatch(variables === full ? /^Hi Sam Sample,/ : /^Hi there,/)
      expect(text).toContain("Brand of the Test")
      expect(`${subject} ${text}`).not.toMatch(/ {2}| [.,]|\bnull\b|undefined|NaN|\bof [.,]|Invalid/)
    }
  })

  test("the amount, the reason and the next attempt of a failed payment are told", () => {
    const template = defaultTemplates.find(({ id }) => id === "payment-failed")
    if (!template) throw new Error("the template is missing")
    const { text } = createRenderer().render({ ...template, version: 1 }, full, "UTC")
    expect(text).toContain(
      "Your payment of €11.90 did not go through. Your bank says that the account did not hold enough",
    )
    expect(text).toContain("We will try again on November 27, 2026")
    expect(text).toContain("Pay or change your card: https://example.com/invoice/sample")
  })
})

test("every field of a change that Stripe's events bring is known to conditions", () => {
  const { events } = playedHistory({ seed: 3, customers: 5, steps: 120, until: noon })
  const changes = events.flatMap((event): ChangeDraft[] => {
    const data = part(event, "data")
    const told = { object: part(data, "object"), previous: part(data, "previous_attributes") }
    const read = interpretEvent({ id: event.id, type: event.type, createdAt: noon, ...told })
    return read.relevant ? read.says.changes : []
  })
  expect(new Set(changes.map(({ kind }) => kind)).size).toBeGreaterThan(10)
  const fields = new Set(changes.flatMap(({ data }) => Object.keys(data)))
  expect([...fields].filter((field) => fieldType(`change.${field}`) === null)).toEqual([])
})
