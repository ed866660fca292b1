import { dueNow } from "../../automation/writeAutomation.ts"
import type { Context } from "../../context.ts"
import { absorbLeads, selectAbsorbedLeads } from "../../customers/merge/absorbLeads.ts"
import { batch as runBatch } from "../../db/batch.ts"
import { sqlState } from "../../db/sqlState.ts"
import { queueEmails } from "../../email/queueEmails.ts"
import { AppError, toAppError } from "../../errors.ts"
import type { StripeApi } from "../../vendors/stripe.ts"
import { type ClaimedEvent, claimEvents, type Lane, stillClaimed } from "./claimEvents.ts"
import { completeLists } from "./completeLists.ts"
import { fetchMissing } from "./fetchMissing.ts"
import { foldBatch } from "./foldBatch.ts"
import { loadState } from "./loadState.ts"
import { Lookups } from "./lookups.ts"
import { readClaimed } from "./readClaimed.ts"
import { isAboutAnObject, rereading } from "./rereading.ts"
import { resolveOwners } from "./resolveOwners.ts"
import { type Settlement, settlement } from "./settlements.ts"
import { writeStatements } from "./writeBatch.ts"

type ApplyContext = Context<{ stripe: StripeApi }, "emails">

export interface ApplyReport {
  applied: number
  ignored: number
  retrying: number
  failed: number
  /** Mails due at once, already queued. */
  emails: number
}

/** Batches at once while a backlog is worked off: the database writes one while another is being read. */
const lanes = 2
/** Batches of a lane that one call applies at most; the rest of a backlog is the next call's. */
const batchesOfLane = 10

/**
 * Applies stored events: claims those of `ids` that wait, folds them with what is known, and writes the outcome in one
 * `db.batch`; then, batch by batch, the backlog if there is one. Database round trips of a batch: claim, owners (only
 * where an event names a payment but no customer), load, write.
 */
export async function applyStripeEvents(ctx: ApplyContext, input: { ids: string[] }): Promise<ApplyReport> {
  const report: ApplyReport = { applied: 0, ignored: 0, retrying: 0, failed: 0, emails: 0 }
  const more = await applyWaiting(ctx, { ids: input.ids }, report)
  if (more) await Promise.all(Array.from({ length: lanes }, (_, index) => workOff(ctx, { index, of: lanes }, report)))
  return report
}

async function workOff(ctx: ApplyContext, lane: Lane, report: ApplyReport): Promise<void> {
  for (let batch = 0; batch < batchesOfLane; batch++) if (!(await applyWaiting(ctx, { ids: [], lane }, report))) return
}

/** Whether there was as much to do as a batch takes, so that there may be more. */
async function applyWaiting(
  ctx: ApplyContext,
  input: { ids: string[]; lane?: Lane },
  report: ApplyReport,
): Promise<boolean> {
  const { claimed, more } = await claimEvents(ctx, input)
  if (claimed.length > 0) await applyClaimed(ctx, claimed, report)
  return more
}

/** After so many attempts that nobody came to an end with, an event is taken up by itself, later not at all. */
const suspectAfter = 3
const hopelessAfter = 8

async function applyClaimed(ctx: ApplyContext, claimed: ClaimedEvent[], report: ApplyReport): Promise<void> {
  const suspect = (event: ClaimedEvent) => event.unsettled && event.attempts > suspectAfter
  const sound = claimed.filter((event) => !suspect(event))
  if (sound.length > 0) await applyByHalves(ctx, sound, report)
  for (const event of claimed.filter(suspect)) {
    if (event.attempts <= hopelessAfter) await applyByHalves(ctx, [event], report)
    else await setAside(ctx, event, new Error(`no attempt of ${hopelessAfter} to apply it came to an end`), report)
  }
}

/** Where something in a batch cannot be applied, finds out by halves which event it is, so that its neighbours apply. */
async function applyByHalves(ctx: ApplyContext, claimed: ClaimedEvent[], report: ApplyReport): Promise<void> {
  try {
    await applyOnce(ctx, claimed, report)
  } catch (thrown) {
    if (!isAboutAnObject(thrown)) throw thrown
    const [only] = claimed
    if (claimed.length === 1 && only) return await setAside(ctx, only, thrown, report)
    const middle = Math.ceil(claimed.length / 2)
    await applyByHalves(ctx, claimed.slice(0, middle), report)
    await applyByHalves(ctx, claimed.slice(middle), report)
  }
}

async function applyOnce(ctx: ApplyContext, claimed: ClaimedEvent[], report: ApplyReport): Promise<void> {
  const lookups = new Lookups(ctx.vendors.stripe)
  let ours = claimed
  await rereading(async (isReread) => {
    if (isReread) ours = await stillClaimed(ctx, ours)
    if (ours.length === 0) return "done"
    const batch = readClaimed(ours)
    await completeLists(batch, lookups)
    await resolveOwners(ctx, batch, lookups)
    const state = await loadState(ctx, batch.items)
    const fetched = await fetchMissing(batch, state, lookups)
    const now = ctx.now()
    const folded = foldBatch({ batch, state, fetched, now, newId: () => crypto.randomUUID() })
    const settlements = ours.map((event) => settlement(event, batch.outcomes.get(event.id), now))
    const added = folded.customers.flatMap(({ row, version }) =>
      version === null && row.stripeId ? [row.stripeId] : [],
    )
    const results = await runBatch(ctx.db, [
      ...writeStatements({ folded, settlements }),
      ...(added.length > 0 ? [selectAbsorbedLeads(added)] : []),
    ])
    for (const problem of state.automation.problems) ctx.log.error("rule or sequence skipped", { ...problem })
    count(ctx, settlements, report)
    const due = dueNow(folded.automation, now)
    report.emails += due.length
    await queueEmails(ctx, due)
    if (added.length > 0) await absorbLeads(ctx, results.at(-1)?.rows)
    return "done"
  })
}

async function setAside(ctx: ApplyContext, claimed: ClaimedEvent, thrown: unknown, report: ApplyReport): Promise<void> {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
  const whose = sqlState(thrown) === undefined ? "Applying it failed" : "The database refused it"
  const error = new AppError("bad_request", `${whose}: ${toAppError(cause).message}`, { cause: thrown })
  const now = ctx.now()
  const settlements = [settlement(claimed, { status: "failing", error }, now)]
  await runBatch(ctx.db, writeStatements({ folded: nothingFolded, settlements }))
  count(ctx, settlements, report)
}

const nothingFolded = {
  customers: [],
  snapshots: {},
  items: [],
  states: [],
  mrr: { customerIds: [], rows: [] },
  firstFailures: [],
  timeline: [],
  erasedEvents: [],
  stageHistory: [],
  automation: { firings: [], enrolments: [], outbox: [], exits: [], tags: [], notifications: [] },
}

function count(ctx: ApplyContext, settlements: Settlement[], report: ApplyReport): void {
  for (const { id, status, reason, attempts } of settlements) {
    if (status === "received") continue
    report[status]++
    if (status === "failed") ctx.log.error("event set aside", { event: id, reason, attempts })
    if (status === "retrying") ctx.log.warn("event will be tried again", { event: id, reason, attempts })
  }
}
