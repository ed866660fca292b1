import { expect, test } from "vitest"
import { defaultRules } from "../../shared/automation/defaults/rules.ts"
import { defaultSequences } from "../../shared/automation/defaults/sequences.ts"
import { dryRun } from "../../shared/automation/dryRun.ts"
import { playPlans } from "./playPlans.ts"
import { aChange, anInvoice, aPlanInput, automationOf, day, later, noon } from "./samples.ts"

const change = aChange("invoice.payment_failed", { key: "invoice.payment_failed:in_1:1", data: { attempt: 1 } })
const world = () => playPlans(automationOf(defaultRules, defaultSequences))

test("a dry run tells who would get what and when", () => {
  expect(dryRun({ ...aPlanInput(world().automation, []), change })).toEqual({
    rules: ["dunning"],
    enrolments: [
      {
        sequence: "dunning",
        subject: "in_1",
        exitReason: null,
        mails: [
          { template: "payment-failed", dueAt: noon, status: "due", reason: null },
          { template: "payment-update-card", dueAt: later(3 * day), status: "due", reason: null },
          { template: "payment-final-notice", dueAt: later(7 * day), status: "due", reason: null },
          { template: "payment-last-notice", dueAt: later(10 * day), status: "due", reason: null },
        ],
      },
    ],
    exits: [],
    tags: [],
    notifications: [],
  })
})

test("it tells so also of a change that has been acted on, and leaves the record of that alone", () => {
  const played = world()
  const before = dryRun({ ...aPlanInput(played.automation, []), change })
  played.play([change])
  const kept = structuredClone(played.automation)
  expect(dryRun({ ...aPlanInput(played.automation, []), change })).toEqual(before)
  expect(played.automation).toEqual(kept)
})

test("it tells what would not be sent, and why", () => {
  const { enrolments } = dryRun({
    ...aPlanInput(world().automation, [], { invoices: [anInvoice({ status: "paid" })] }),
    change,
  })
  expect(enrolments).toMatchObject([
    { exitReason: "the invoice is settled", mails: Array(4).fill({ status: "cancelled" }) },
  ])
})
