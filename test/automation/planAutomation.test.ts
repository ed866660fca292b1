import { describe, expect, test } from "vitest"
import { type PlanInput, planAutomation } from "../../shared/automation/planAutomation.ts"
import type { Action } from "../../shared/automation/ruleSchema.ts"
import { dueNow } from "../../shared/automation/writeAutomation.ts"
import { playPlans } from "./playPlans.ts"
import {
  aChange,
  aCustomer,
  ada,
  anInvoice,
  aPlanInput,
  aRule,
  aSequence,
  aSubscription,
  automationOf,
  bob,
  day,
  hour,
  later,
  mailsOf,
  noon,
  standings,
} from "./samples.ts"

const enrolInDunning: Action = { do: "enrol", sequence: "dunning", subject: "invoice" }
const settled = {
  when: { field: "invoice.status", op: "eq" as const, value: "paid" },
  reason: "the invoice is settled",
}
const dunning = automationOf(
  [aRule("dunning", "invoice.payment_failed", [enrolInDunning])],
  [aSequence("dunning", { exits: [settled] })],
)
const failed = (attempt: number, more = {}) =>
  aChange("invoice.payment_failed", { key: `invoice.payment_failed:in_1:${attempt}`, data: { attempt }, ...more })
const plan = (...input: Parameters<typeof aPlanInput>) => planAutomation(aPlanInput(...input))

describe("enrolment", () => {
  test("says why it exists and plans every mail at once, counted from when the change happened", () => {
    const made = plan(dunning, [failed(1, { occurredAt: later(-hour) })])
    const [row] = made.enrolments
    expect(row).toMatchObject({
      sequenceId: "dunning",
      customerId: ada,
      subjectId: "in_1",
      subscriptionId: "sub_1",
      invoiceId: "in_1",
      ruleId: "dunning",
      ruleVersion: 1,
      changeKey: "invoice.payment_failed:in_1:1",
      eventId: "evt_invoice.payment_failed",
      changeData: { attempt: 1, kind: "invoice.payment_failed" },
      startedAt: later(-hour),
      status: "active",
    })
    expect(made.firings).toMatchObject([{ ruleId: "dunning", changeKey: row?.changeKey, occurredAt: later(-hour) }])
    expect(made.outbox).toMatchObject([
      {
        dedupeKey: `${row?.id}:0`,
        step: 0,
        templateId: "first",
        priority: 3,
        dueAt: later(-hour),
        staleAt: later(47 * hour),
        status: "due",
      },
      { dedupeKey: `${row?.id}:1`, step: 1, templateId: "second", dueAt: later(3 * day - hour), status: "due" },
    ])
    expect(dueNow(made, noon)).toEqual([made.outbox[0]?.id])
  })

  test("happens once per sequence and subject, however many changes and rules ask for it", () => {
    const twoRules = {
      ...dunning,
      rules: [...dunning.rules, aRule("other", "invoice.payment_failed", [enrolInDunning])],
    }
    const made = plan(twoRules, [failed(1), failed(2)])
    expect(made.firings).toHaveLength(4)
    expect(standings(made.enrolments)).toEqual(["dunning/in_1: active"])
    expect(made.outbox).toHaveLength(2)
  })

  test("begins with what happened first, in whatever order a batch tells it", () => {
    const first = failed(2, { occurredAt: later(-hour) })
    for (const changes of [
      [failed(1), first],
      [first, failed(1)],
    ])
      expect(plan(dunning, changes).enrolments).toMatchObject([{ changeKey: first.key, startedAt: later(-hour) }])
  })

  test("happens again for another subject and for another customer", () => {
    const theirs = failed(1, { key: "invoice.payment_failed:in_3:1", customerId: bob, invoiceId: "in_3" })
    const made = plan(
      dunning,
      [failed(1), failed(1, { key: "invoice.payment_failed:in_2:1", invoiceId: "in_2" }), theirs],
      {
        customers: [aCustomer(), aCustomer({ id: bob })],
      },
    )
    expect(standings(made.enrolments)).toEqual(["dunning/in_1: active", "dunning/in_2: active", "dunning/in_3: active"])
  })

  test.each([
    ["customer", ada],
    ["subscription", "sub_1"],
    ["invoice", "in_1"],
    ["change", "invoice.payment_failed:in_1:1"],
  ] as const)("for a %s is kept under %s", (subject, subjectId) => {
    const rules = [aRule("r", "invoice.payment_failed", [{ do: "enrol", sequence: "dunning", subject }])]
    expect(plan({ ...dunning, rules }, [failed(1)]).enrolments).toMatchObject([{ subjectId }])
  })

  test("does not happen where the sequence is disabled or gone, but the firing is on record", () => {
    const disabled = automationOf(dunning.rules, [aSequence("dunning", { enabled: false })])
    for (const automation of [disabled, automationOf(dunning.rules, [])]) {
      const made = plan(automation, [failed(1)])
      expect(made.firings).toHaveLength(1)
      expect([...made.enrolments, ...made.outbox]).toEqual([])
    }
  })

  test("waits for nobody: a customer that was not loaded is passed over", () => {
    expect(plan(dunning, [failed(1, { customerId: bob })])).toMatchObject({ firings: [], enrolments: [] })
  })

  test("plans steps by the clock of the customer", () => {
    const steps = [{ delay: { at: "09:00", days: 1 }, template: "morning" }]
    const automation = automationOf(dunning.rules, [aSequence("dunning", { steps, mailClass: "marketing" })])
    const made = plan(automation, [failed(1)], { customers: [aCustomer({ timeZone: "Asia/Kolkata" })] })
    expect(made.outbox).toMatchObject([
      { dueAt: new Date("2026-11-21T03:30:00Z"), priority: 7, mailClass: "marketing" },
    ])
  })
})

describe("a rule", () => {
  test("fires only when its condition holds, seen with all facts and the change", () => {
    const rule = aRule("r", "invoice.payment_failed", [{ do: "notify_staff", message: "Look" }], {
      condition: {
        all: [
          { field: "customer.country", op: "eq", value: "DE" },
          { field: "subscription.products", op: "contains", value: "prod_pro" },
          { field: "invoice.total", op: "gte", value: 1000 },
          { field: "change.attempt", op: "eq", value: 2 },
          { field: "change.kind", op: "eq", value: "invoice.payment_failed" },
        ],
      },
    })
    const made = plan(automationOf([rule], []), [failed(1), failed(2)])
    expect(made.notifications).toMatchObject([
      { key: "r:invoice.payment_failed:in_1:2", customerId: ada, message: "Look", createdAt: noon },
    ])
  })

  test("does not fire again for a change that it has acted on", () => {
    const fired = new Set(["dunning invoice.payment_failed:in_1:1"])
    const made = plan({ ...dunning, fired }, [failed(1), failed(2), failed(2)])
    expect(made.firings.map(({ changeKey }) => changeKey)).toEqual(["invoice.payment_failed:in_1:2"])
  })

  test("sees the tags that the same batch gave", () => {
    const automation = automationOf(
      [
        aRule("a", "invoice.payment_failed", [
          { do: "add_tag", tag: "owes" },
          { do: "remove_tag", tag: "vip" },
        ]),
        aRule("b", "invoice.payment_failed", [{ do: "notify_staff", message: "Owes" }], {
          condition: {
            all: [
              { field: "customer.tags", op: "contains", value: "owes" },
              { field: "customer.tags", op: "not_contains", value: "vip" },
            ],
          },
        }),
      ],
      [],
    )
    const made = plan(automation, [failed(1)])
    expect(made.notifications).toHaveLength(1)
    expect(made.tags).toEqual([
      { customerId: ada, tag: "owes", add: true },
      { customerId: ada, tag: "vip", add: false },
    ])
  })
})

describe("lateness", () => {
  test("a step that is too late at enrolment is stale, the others are due", () => {
    const made = plan(dunning, [failed(1, { occurredAt: later(-2 * day - 1) })])
    expect(mailsOf(made)).toEqual(["first: stale", "second: due"])
    expect(made.outbox[0]?.reason).toBe("came due too long ago")
    expect(plan(dunning, [failed(1, { occurredAt: later(-2 * day) })]).outbox[0]?.status).toBe("due")
  })

  test("how late is too late is the sequence's to say", () => {
    const patient = automationOf(dunning.rules, [aSequence("dunning", { staleAfterHours: 24 * 30 })])
    expect(mailsOf(plan(patient, [failed(1, { occurredAt: later(-29 * day) })]))).toEqual(["first: due", "second: due"])
  })

  test("last year's event is on record with all its steps stale, and its enrolment is complete", () => {
    const made = plan(dunning, [failed(1, { occurredAt: later(-365 * day) })])
    expect(mailsOf(made)).toEqual(["first: stale", "second: stale"])
    expect(made.enrolments).toMatchObject([{ status: "completed", endedAt: noon }])
    expect(dueNow(made, noon)).toEqual([])
  })
})

describe("exits", () => {
  test("an exit that holds already at enrolment ends it as it begins, with nothing to send", () => {
    const made = plan(dunning, [failed(1)], { invoices: [anInvoice({ status: "paid" })] })
    expect(made.enrolments).toMatchObject([{ status: "exited", exitReason: "the invoice is settled", endedAt: noon }])
    expect(mailsOf(made)).toEqual(["first: cancelled", "second: cancelled"])
    expect(made.outbox[0]?.reason).toBe("the invoice is settled")
    expect(made.exits).toEqual([])
    expect(dueNow(made, noon)).toEqual([])
  })

  test("whoever is enrolled leaves with any change that makes an exit hold, and once", () => {
    const world = playPlans(dunning)
    const [enrolled] = world.play([failed(1)]).enrolments
    const paid = { invoices: [anInvoice({ status: "paid" })], now: later(day) }
    const made = world.play([aChange("customer.created")], paid)
    expect(made.exits).toEqual([{ enrolmentId: enrolled?.id, reason: "the invoice is settled", at: later(day) }])
    expect(world.play([aChange("invoice.paid")], paid).exits).toEqual([])
  })

  test("an exit may look at the change that began it, then and later", () => {
    const exits = [
      { when: { field: "change.kind", op: "eq" as const, value: "invoice.payment_failed" }, reason: "kind" },
    ]
    const world = playPlans(automationOf(dunning.rules, [aSequence("dunning")]))
    world.play([failed(1)])
    world.automation.sequences.set("dunning", aSequence("dunning", { exits }))
    expect(world.play([]).exits).toMatchObject([{ reason: "kind" }])
  })

  test("customers who are not part of the batch are left alone", () => {
    const world = playPlans(dunning)
    world.play([failed(1)])
    const others = { customers: [aCustomer({ id: bob })], invoices: [anInvoice({ status: "paid" })] }
    expect(world.play([aChange("customer.created", { customerId: bob })], others).exits).toEqual([])
  })
})

describe("leaving by a rule", () => {
  const leave = (more: Partial<Extract<Action, { do: "leave" }>> = {}): Action => ({
    do: "leave",
    sequence: "dunning",
    reason: "settled by phone",
    ...more,
  })
  const leaving = (action: Action) =>
    automationOf([...dunning.rules, aRule("leave", "invoice.action_required", [action])], [aSequence("dunning")])
  const asked = (more = {}) => aChange("invoice.action_required", { occurredAt: later(hour), ...more })

  test("ends the enrolment about the same invoice and no other", () => {
    const world = playPlans(leaving(leave()))
    world.play([failed(1), failed(1, { key: "invoice.payment_failed:in_2:1", invoiceId: "in_2" })])
    expect(world.play([asked()]).exits).toMatchObject([{ reason: "settled by phone" }])
    expect(standings(world.enrolments())).toEqual(["dunning/in_1: exited", "dunning/in_2: active"])
  })

  test("ends all of the customer's where the rule says so", () => {
    const world = playPlans(leaving(leave({ all: true })))
    world.play([failed(1), failed(1, { key: "invoice.payment_failed:in_2:1", invoiceId: "in_2" })])
    world.play([asked()])
    expect(standings(world.enrolments())).toEqual(["dunning/in_1: exited", "dunning/in_2: exited"])
  })

  test("ends what is about the customer as a whole, whichever invoice the change is about", () => {
    const world = playPlans({
      ...leaving(leave()),
      rules: [
        aRule("enrol", "invoice.payment_failed", [{ ...enrolInDunning, subject: "customer" }]),
        aRule("leave", "invoice.action_required", [leave()]),
      ],
    })
    world.play([failed(1)])
    world.play([asked({ invoiceId: "in_2", subscriptionId: "sub_2" })])
    expect(standings(world.enrolments())).toEqual([`dunning/${ada}: exited`])
  })

  test("also ends what began before it and is learnt of after it", () => {
    const world = playPlans(leaving(leave()))
    world.play([asked()])
    const made = world.play([failed(1)])
    expect(made.enrolments).toMatchObject([{ status: "exited", exitReason: "settled by phone" }])
    expect(mailsOf(made)).toEqual(["first: cancelled", "second: cancelled"])
  })

  test("does not touch what begins after it, whichever is learnt first", () => {
    for (const changes of [
      [asked(), failed(2, { occurredAt: later(2 * hour) })],
      [failed(2, { occurredAt: later(2 * hour) }), asked()],
    ]) {
      const world = playPlans(leaving(leave()))
      for (const change of changes) world.play([change], { now: later(day) })
      expect(standings(world.enrolments())).toEqual(["dunning/in_1: active"])
    }
  })

  test("a rule may end one enrolment and begin the next, in this order", () => {
    const again = aRule("again", "invoice.payment_failed", [
      leave({ all: true }),
      { ...enrolInDunning, subject: "change" },
    ])
    const world = playPlans(automationOf([again], [aSequence("dunning")]))
    world.play([failed(1)])
    world.play([failed(2, { occurredAt: later(day) })], { now: later(day) })
    expect(standings(world.enrolments())).toEqual([
      "dunning/invoice.payment_failed:in_1:1: exited",
      "dunning/invoice.payment_failed:in_1:2: active",
    ])
  })

  test("a sequence that gives way to another is on record but sends nothing beside it", () => {
    const rules = [
      aRule("a", "invoice.action_required", [{ do: "enrol", sequence: "bank", subject: "invoice" }]),
      aRule("b", "invoice.payment_failed", [{ ...enrolInDunning, unlessIn: ["bank"] }]),
    ]
    const world = playPlans(automationOf(rules, [aSequence("dunning"), aSequence("bank")]))
    world.play([aChange("invoice.action_required")])
    const made = world.play([failed(2), failed(1, { key: "invoice.payment_failed:in_2:1", invoiceId: "in_2" })])
    expect(standings(made.enrolments)).toEqual(["dunning/in_1: exited", "dunning/in_2: active"])
    expect(made.enrolments[0]?.exitReason).toBe('the sequence "bank" is about the same')
  })
})

test("planning changes nothing that it was given", () => {
  const world = playPlans(dunning)
  world.play([failed(1)])
  const input: PlanInput = aPlanInput(world.automation, [failed(2)], {
    invoices: [anInvoice({ status: "paid" })],
    subscriptions: [aSubscription()],
  })
  const before = structuredClone({ ...input, newId: null })
  planAutomation(input)
  expect({ ...input, newId: null }).toEqual(before)
})
