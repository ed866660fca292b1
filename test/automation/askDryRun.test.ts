import { afterEach, expect, test, vi } from "vitest"
import { askDryRun } from "../../shared/automation/askDryRun.ts"
import type { DryRunService } from "../../shared/automation/dryRunService.ts"
import type { Rule } from "../../shared/automation/ruleSchema.ts"
import { silentLogger } from "../../shared/log.ts"

const rule: Rule = {
  id: "r",
  name: "R",
  changeKind: "invoice.paid",
  condition: { all: [] },
  actions: [],
  enabled: true,
  version: 1,
}
const run = { event: { id: "evt_1", type: "invoice.paid" }, customerId: null, changes: [] }

const ask = (dryRunEvent: DryRunService["dryRunEvent"]) =>
  askDryRun(
    {
      actor: { kind: "staff", id: "s1", email: "s@staff.test", name: "S", role: "ops" },
      requestId: "req_1",
      log: silentLogger,
    },
    { service: { dryRunEvent }, eventId: "evt_1", rule },
  )

afterEach(() => void vi.useRealTimers())

test("hands over who asks, the event and the rule, and tells what came back with its times", async () => {
  const asked = vi.fn<DryRunService["dryRunEvent"]>(async () => ({
    run: {
      ...run,
      changes: [
        {
          kind: "invoice.paid",
          rules: ["r"],
          enrolments: [
            {
              sequence: "s",
              subject: "in_1",
              exitReason: null,
              mails: [{ template: "t", dueAt: "2026-03-01T12:00:00.000Z", status: "due", reason: null }],
            },
          ],
          exits: [],
          tags: [],
          notifications: [],
        },
      ],
    },
  }))
  const told = await ask(asked)
  expect(told.changes[0]?.enrolments[0]?.mails[0]?.dueAt).toEqual(new Date("2026-03-01T12:00:00Z"))
  expect(asked.mock.calls).toMatchObject([
    [{ actor: { id: "s1", role: "ops" }, requestId: "req_1", eventId: "evt_1", rule: { id: "r" } }],
  ])
})

test("an error arrives with its code", async () => {
  const answer = { error: { code: "not_found", message: "No event evt_1 has been received." } }
  await expect(ask(async () => answer)).rejects.toMatchObject(answer.error)
})

test.each<[string, DryRunService["dryRunEvent"]]>([
  [
    "cannot be reached",
    async () => {
      throw new Error("no such service")
    },
  ],
  ["is of another version", async () => ({ result: [] })],
])("a Worker that %s does not answer", async (_what, dryRunEvent) => {
  await expect(ask(dryRunEvent)).rejects.toMatchObject({ code: "vendor_unavailable", status: 503 })
})

test("a Worker that hangs is not waited for longer than 10 seconds", async () => {
  vi.useFakeTimers()
  const asked = ask(() => new Promise(() => {}))
  const refused = expect(asked).rejects.toMatchObject({ code: "vendor_unavailable" })
  await vi.advanceTimersByTimeAsync(10_000)
  await refused
})
