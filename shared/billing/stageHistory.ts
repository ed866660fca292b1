import type { Stage } from "../db/schema/billing.ts"
import type { Settings } from "../settings/settings.ts"
import { boundariesAfter, lifecycleStage, type StageState } from "./lifecycleStage.ts"

export interface StageHistory {
  stage: Stage
  since: Date
  /** When to look again because time alone may change the stage. */
  reviewAt: Date | null
  entries: { stage: Stage; since: Date }[]
}

/**
 * Every stage a customer has been in until `now`, derived from nothing but what their subscriptions looked like: the
 * same states give the same history in whatever order they were learnt.
 */
export function stageHistory(
  input: { createdAt: Date; states: StageState[]; now: Date },
  settings: Settings["lifecycle"],
): StageHistory {
  const states = [...input.states].sort((a, b) => a.at.getTime() - b.at.getTime())
  // Stripe's clock may run ahead of ours: what has been told has happened.
  const last = states.at(-1)?.at.getTime() ?? 0
  const now = new Date(Math.max(input.now.getTime(), last))
  const boundaries = states.flatMap((state) => [state.at, ...boundariesAfter(state.at, settings)])
  const start = new Date(Math.min(input.createdAt.getTime(), states[0]?.at.getTime() ?? Number.POSITIVE_INFINITY))
  const moments = [...new Set([start, ...boundaries].map((moment) => moment.getTime()))].sort((a, b) => a - b)

  const entries: StageHistory["entries"] = []
  for (const moment of moments.filter((at) => at <= now.getTime())) {
    const since = new Date(moment)
    const stage = lifecycleStage(states, since, settings)
    if (entries.at(-1)?.stage !== stage) entries.push({ stage, since })
  }
  const current = entries.at(-1) ?? { stage: "lead" as const, since: start }
  const review = moments.find(
    (moment) => moment > now.getTime() && lifecycleStage(states, new Date(moment), settings) !== current.stage,
  )
  return { ...current, reviewAt: review === undefined ? null : new Date(review), entries }
}
