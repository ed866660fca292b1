import { expect, test } from "vitest"
import { lifecycleStage, type StageState } from "../../shared/billing/lifecycleStage.ts"
import { stageHistory } from "../../shared/billing/stageHistory.ts"
import { settingSchemas } from "../../shared/settings/settings.ts"

const lifecycle = settingSchemas.lifecycle.parse(undefined)
const start = new Date("2026-01-01T00:00:00Z")
const on = (day: number) => new Date(start.getTime() + day * 86_400_000)
const look = (day: number, status: string, more: Partial<StageState> = {}): StageState => ({
  subscriptionId: "sub_1",
  at: on(day),
  relevant: true,
  status,
  paidSince: null,
  cancelScheduled: false,
  paused: false,
  ...more,
})

test.each<[string, StageState[], number, string]>([
  ["nobody has bought anything", [], 1, "lead"],
  ["a checkout that was never paid", [look(0, "incomplete"), look(1, "incomplete_expired")], 2, "lead"],
  ["a trial", [look(0, "trialing")], 3, "trial"],
  ["a trial that ended without a purchase", [look(0, "trialing"), look(7, "canceled")], 8, "lead"],
  ["the first day of a paid plan", [look(0, "active")], 0.5, "purchase"],
  ["the first two weeks", [look(0, "active")], 5, "onboarding"],
  ["after them", [look(0, "active")], 14, "active"],
  ["a trial counts no days of tenure", [look(0, "trialing"), look(7, "active")], 9, "onboarding"],
  ["a failed payment", [look(0, "active"), look(30, "past_due")], 31, "at_risk"],
  [
    "a cancellation that is scheduled",
    [look(0, "active"), look(30, "active", { cancelScheduled: true })],
    31,
    "at_risk",
  ],
  ["a paused collection", [look(0, "active"), look(30, "active", { paused: true })], 31, "at_risk"],
  ["a recovery", [look(0, "active"), look(30, "past_due"), look(33, "active")], 34, "active"],
  ["the month after leaving", [look(0, "active"), look(60, "canceled")], 89, "churned"],
  ["later on", [look(0, "active"), look(60, "canceled")], 90, "win_back"],
  [
    "one of two plans ended",
    [look(0, "active"), look(0, "active", { subscriptionId: "sub_2" }), look(60, "canceled")],
    61,
    "active",
  ],
  [
    "a return under another subscription",
    [look(0, "active"), look(60, "canceled"), look(100, "active", { subscriptionId: "sub_2" })],
    105,
    "onboarding",
  ],
  ["an end that is all we learnt of", [look(60, "canceled", { paidSince: on(0) })], 61, "churned"],
  ["a checkout given up, learnt of by its end only", [look(1, "canceled")], 2, "lead"],
  ["a move to another business's product", [look(0, "active"), look(60, "active", { relevant: false })], 61, "churned"],
  [
    "what another business does with it after the move",
    [look(0, "active"), look(60, "active", { relevant: false }), look(89, "active", { relevant: false })],
    91,
    "win_back",
  ],
  [
    "a move there and back",
    [look(0, "active"), look(60, "active", { relevant: false }), look(70, "active")],
    71,
    "active",
  ],
  ["another business's customer", [look(0, "active", { relevant: false })], 5, "lead"],
  [
    "another business's customer who moves to us",
    [look(0, "active", { relevant: false }), look(30, "active")],
    30.5,
    "purchase",
  ],
  ["an update after the end", [look(0, "active"), look(60, "canceled"), look(61, "active")], 62, "churned"],
])("%s", (_name, states, day, stage) => {
  expect(lifecycleStage(states, on(day), lifecycle)).toBe(stage)
})

test("the history holds every stage, those that time alone brings included, and says when to look again", () => {
  const history = stageHistory(
    { createdAt: on(-1), states: [look(0, "active"), look(60, "canceled")], now: on(75) },
    lifecycle,
  )
  expect(history.entries).toEqual([
    { stage: "lead", since: on(-1) },
    { stage: "purchase", since: on(0) },
    { stage: "onboarding", since: on(1) },
    { stage: "active", since: on(14) },
    { stage: "churned", since: on(60) },
  ])
  expect(history.reviewAt).toEqual(on(90))
})

test("what Stripe's clock tells from our future has happened", () => {
  expect(stageHistory({ createdAt: on(0), states: [look(10, "active")], now: on(0) }, lifecycle).stage).toBe("purchase")
})
