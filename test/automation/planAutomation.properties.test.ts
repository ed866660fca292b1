import fc from "fast-check"
import { expect, test } from "vitest"
import type { LoadedAutomation } from "../../shared/automation/loadAutomation.ts"
import type { Action, Rule } from "../../shared/automation/ruleSchema.ts"
import type { Change, ChangeKind } from "../../shared/billing/change.ts"
import { playPlans } from "./playPlans.ts"
import {
  aChange,
  aCustomer,
  ada,
  anInvoice,
  aRule,
  aSequence,
  automationOf,
  bob,
  hour,
  later,
  standings,
} from "./samples.ts"

const kinds = ["invoice.payment_failed", "invoice.action_required", "invoice.paid", "dispute.opened"] as const
const sequences = [
  aSequence("a", { exits: [{ when: { field: "invoice.status", op: "eq", value: "paid" }, reason: "paid" }] }),
  aSequence("b", { mailClass: "marketing" }),
]
const facts = {
  now: later(24 * hour),
  customers: [aCustomer(), aCustomer({ id: bob })],
  invoices: [anInvoice(), anInvoice({ id: "in_2", status: "paid" })],
}

const sequence = fc.constantFrom("a", "b")
const leave: fc.Arbitrary<Action> = fc.record({
  do: fc.constant("leave" as const),
  sequence,
  reason: fc.constant("left"),
  all: fc.boolean(),
})
const others: fc.Arbitrary<Action> = fc.oneof(
  leave,
  fc.record({ do: fc.constant("add_tag" as const), tag: fc.constantFrom("x", "y") }),
  fc.record({ do: fc.constant("notify_staff" as const), message: fc.constant("look") }),
)
const enrol: fc.Arbitrary<Action> = fc.record({
  do: fc.constant("enrol" as const),
  sequence,
  subject: fc.constantFrom("customer" as const, "subscription" as const, "invoice" as const, "change" as const),
  unlessIn: fc.option(fc.constant(["b"]), { nil: undefined }),
})
const enrolPerChange: fc.Arbitrary<Action> = fc.record({
  do: fc.constant("enrol" as const),
  sequence,
  subject: fc.constant("change" as const),
})

const rulesDoing = (action: fc.Arbitrary<Action>): fc.Arbitrary<Rule[]> =>
  fc
    .array(fc.tuple(fc.constantFrom(...kinds), fc.array(action, { minLength: 1, maxLength: 3 })), {
      minLength: 1,
      maxLength: 5,
    })
    .map((all) => all.map(([kind, actions], index) => aRule(`rule-${index}`, kind, actions)))

const change = (kind: ChangeKind, customerId: string, invoiceId: string, occurrence: number): Change =>
  aChange(kind, {
    customerId,
    ...(kind.startsWith("invoice.") ? { invoiceId } : { subjectId: "du_1" }),
    key: `${kind}:${kind.startsWith("invoice.") ? invoiceId : "du_1"}:${customerId}:${occurrence}`,
    occurredAt: later(occurrence * hour),
  })
const changes = fc.array(
  fc
    .tuple(
      fc.constantFrom(...kinds),
      fc.constantFrom(ada, bob),
      fc.constantFrom("in_1", "in_2"),
      fc.integer({ min: 0, max: 5 }),
    )
    .map((parts) => change(...parts)),
  { minLength: 1, maxLength: 12 },
)

/** The same changes in another order, some told again, cut into batches. */
const shuffled = (all: Change[]) =>
  fc
    .tuple(
      fc.shuffledSubarray(all, { minLength: all.length }),
      fc.subarray(all),
      fc.integer({ min: 1, max: all.length + 1 }),
    )
    .map(([order, again, size]) => {
      const told = [...order, ...again]
      return Array.from({ length: Math.ceil(told.length / size) }, (_, index) =>
        told.slice(index * size, (index + 1) * size),
      )
    })
const history = changes.chain((all) => fc.tuple(fc.constant(all), shuffled(all)))

function outcome(automation: LoadedAutomation, batches: Change[][]) {
  const world = playPlans(automation)
  for (const batch of batches) world.play(batch, facts)
  return {
    fired: [...world.automation.fired].sort(),
    notified: world.plans.flatMap(({ notifications }) => notifications.map(({ key }) => key)).sort(),
    enrolled: world
      .enrolments()
      .map((row) => `${row.sequenceId}/${row.subjectId}/${row.customerId}`)
      .sort(),
    standings: standings(world.enrolments()),
    mails: world
      .mails()
      .map(({ enrolmentId, step, status, dueAt }) => {
        const row = world.enrolments().find(({ id }) => id === enrolmentId)
        return `${row?.sequenceId}/${row?.subjectId}/${step}: ${status} ${dueAt.toISOString()}`
      })
      .sort(),
  }
}

const inOrder = (all: Change[]) =>
  all
    .toSorted((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime() || (a.key < b.key ? -1 : 1))
    .map((each) => [each])

test("in whatever order and batches changes are learnt, the same rules fire and the same customers are enrolled", () => {
  fc.assert(
    fc.property(rulesDoing(fc.oneof(enrol, others)), history, (rules, [all, batches]) => {
      const automation = automationOf(rules, sequences)
      const { standings: _, mails: __, ...set } = outcome(automation, inOrder(all))
      expect(outcome(automation, batches)).toMatchObject(set)
    }),
    { numRuns: 300 },
  )
})

test("where each enrolment has one change to begin it, it also ends the same way, mail by mail", () => {
  fc.assert(
    fc.property(rulesDoing(fc.oneof(enrolPerChange, leave)), history, (rules, [all, batches]) => {
      const automation = automationOf(rules, sequences)
      expect(outcome(automation, batches)).toEqual(outcome(automation, inOrder(all)))
    }),
    { numRuns: 300 },
  )
})

test("what was planned once is planned no more", () => {
  fc.assert(
    fc.property(rulesDoing(fc.oneof(enrol, others)), changes, (rules, all) => {
      const world = playPlans(automationOf(rules, sequences))
      world.play(all, facts)
      const again = world.play(all, facts)
      expect(again).toEqual({ firings: [], enrolments: [], outbox: [], exits: [], tags: [], notifications: [] })
    }),
    { numRuns: 100 },
  )
})

test("every mail belongs to an enrolment of the same plan, and none of a customer who left is due", () => {
  fc.assert(
    fc.property(rulesDoing(fc.oneof(enrol, others)), history, (rules, [, batches]) => {
      const world = playPlans(automationOf(rules, sequences))
      for (const batch of batches) world.play(batch, facts)
      for (const mail of world.mails()) {
        const row = world.enrolments().find(({ id }) => id === mail.enrolmentId)
        expect(row).toBeDefined()
        if (row?.status !== "active") expect(mail.status).not.toBe("due")
      }
    }),
    { numRuns: 100 },
  )
})
