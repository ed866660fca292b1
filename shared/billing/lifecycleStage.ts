import type { Stage } from "../db/schema/billing.ts"
import type { Settings } from "../settings/settings.ts"

/** A look of one subscription from `at` on. */
export interface StageState {
  subscriptionId: string
  at: Date
  /** Whether it is of a product of ours; one that moves to another business's has left. */
  relevant: boolean
  status: string
  /** Since when the subscription itself says that it was paid for, should this be the first look of it that we got. */
  paidSince: Date | null
  cancelScheduled: boolean
  paused: boolean
}

const hour = 3_600_000
const day = 24 * hour

const paying = new Set(["active", "past_due", "unpaid", "paused"])
const ended = new Set(["canceled", "incomplete_expired"])

interface Standing {
  current: StageState
  /** Start of its first paid day, once it had one. */
  payingSince: number | null
  endedAt: number | null
}

function standingsAt(states: StageState[], at: Date): Standing[] {
  const bySubscription = new Map<string, Standing>()
  for (const state of states) {
    if (state.at > at) break
    const before = bySubscription.get(state.subscriptionId)
    if (!before && !state.relevant) continue
    // An ended subscription does not come back to life.
    if (before && ended.has(before.current.status)) continue
    const left = ended.has(state.status) || !state.relevant
    const began = before ? before.payingSince : (state.paidSince?.getTime() ?? null)
    bySubscription.set(state.subscriptionId, {
      current: state,
      payingSince: began ?? (state.status === "active" && state.relevant ? state.at.getTime() : null),
      endedAt: left ? (before?.endedAt ?? state.at.getTime()) : null,
    })
  }
  return [...bySubscription.values()]
}

/**
 * Where a customer stands at `at`, by what their subscriptions looked like until then.
 * `states` are in order of time. Trouble outranks tenure, a paid plan outranks a trial.
 */
export function lifecycleStage(states: StageState[], at: Date, settings: Settings["lifecycle"]): Stage {
  const standings = standingsAt(states, at)
  const live = standings.filter(
    ({ current, endedAt }) => endedAt === null && (paying.has(current.status) || current.status === "trialing"),
  )
  if (live.some(({ current }) => atRisk(current))) return "at_risk"

  const active = live.filter(({ current }) => current.status === "active")
  if (active.length > 0) {
    const since = Math.min(...active.map((standing) => standing.payingSince ?? standing.current.at.getTime()))
    const tenure = at.getTime() - since
    if (tenure < settings.purchaseHours * hour) return "purchase"
    if (tenure < settings.onboardingDays * day) return "onboarding"
    return "active"
  }
  if (live.length > 0) return "trial"

  const left = standings.filter((standing) => standing.payingSince !== null && standing.endedAt !== null)
  if (left.length === 0) return "lead"
  const leftAt = Math.max(...left.map((standing) => standing.endedAt ?? 0))
  return at.getTime() - leftAt < settings.winBackAfterDays * day ? "churned" : "win_back"
}

const atRisk = (state: StageState) =>
  state.status === "past_due" ||
  state.status === "unpaid" ||
  state.status === "paused" ||
  state.paused ||
  state.cancelScheduled

/** The moments at which time alone may move a customer on, counted from one look of a subscription. */
export const boundariesAfter = (at: Date, settings: Settings["lifecycle"]): Date[] =>
  [settings.purchaseHours * hour, settings.onboardingDays * day, settings.winBackAfterDays * day].map(
    (milliseconds) => new Date(at.getTime() + milliseconds),
  )
