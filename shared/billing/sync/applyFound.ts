import { sql } from "drizzle-orm"
import { planAutomation } from "../../automation/planAutomation.ts"
import { dueNow } from "../../automation/writeAutomation.ts"
import type { Context } from "../../context.ts"
import { batch as runBatch } from "../../db/batch.ts"
import { insertRows, textArray } from "../../db/bulk.ts"
import { syncFindings } from "../../db/schema/sync.ts"
import { queueEmails } from "../../email/queueEmails.ts"
import { AppError, toAppError } from "../../errors.ts"
import type { Counts } from "../../monitoring/runJob.ts"
import type { StripeApi } from "../../vendors/stripe.ts"
import { apiObjects } from "../apply/candidates.ts"
import { completeLists } from "../apply/completeLists.ts"
import { fetchMissing } from "../apply/fetchMissing.ts"
import { foldBatch } from "../apply/foldBatch.ts"
import { type LoadedState, loadState } from "../apply/loadState.ts"
import { Lookups } from "../apply/lookups.ts"
import { customerOf, type ReadBatch, type WorkItem } from "../apply/readClaimed.ts"
import { isAboutAnObject, rereading } from "../apply/rereading.ts"
import { writeStatements } from "../apply/writeBatch.ts"
import type { StripeEvent } from "../events/interpretation.ts"
import { interpretEvent } from "../events/interpretEvent.ts"
import { digestOf } from "../precedence.ts"
import { type Payload, requiredText } from "../stripe/read.ts"
import { type FoundEvent, findingOf } from "./foundEvents.ts"
import type { SyncKind } from "./syncKinds.ts"

export type SyncContext = Context<{ stripe: StripeApi }, "emails">

/** An object as Stripe shows it, or, without one, an id that Stripe does not have any more. */
export interface Shown {
  id: string
  object: Payload | null
  /** When Stripe was asked for it, by its own clock. */
  at: Date
}

export interface SyncRun {
  runId: string
  /** What happened before is no news to any rule: it was before Ops HQ was there, or too long ago. */
  newsSince: Date
  /** The very first one finds everything missing: that is counted, not written down one by one. */
  first: boolean
}

/** Lookups wait for their turn at Stripe. */
const patienceMilliseconds = 120_000

type Found = typeof syncFindings.$inferSelect

/**
 * Mends what differs between what Stripe shows and our rows, as if Stripe had told it by webhooks: the same rows, lines on
 * timelines and rules, each once. What a webhook that waits to be applied is about is left to it. Returns what it found.
 */
export async function applyShown(
  ctx: SyncContext,
  input: { kind: SyncKind; shown: Shown[]; run: SyncRun },
): Promise<Counts> {
  const { kind, shown, run } = input
  if (shown.length === 0) return {}
  try {
    return await applyTogether(ctx, input)
  } catch (thrown) {
    if (!isAboutAnObject(thrown) && !(thrown instanceof AppError && thrown.code === "bad_request")) throw thrown
    const [only] = shown
    if (shown.length === 1 && only) {
      const error = toAppError(thrown instanceof Error && thrown.cause ? thrown.cause : thrown).message
      ctx.log.error("object of Stripe cannot be taken over", { type: kind.table, id: only.id, error })
      await runBatch(ctx.db, [keep([finding(run, kind, only.id, "unreadable", [error.slice(0, 300)], ctx.now())])])
      return { unreadable: 1 }
    }
    const middle = Math.ceil(shown.length / 2)
    const first = await applyShown(ctx, { ...input, shown: shown.slice(0, middle) })
    return addCounts(first, await applyShown(ctx, { ...input, shown: shown.slice(middle) }))
  }
}

async function applyTogether(
  ctx: SyncContext,
  { kind, shown, run }: { kind: SyncKind; shown: Shown[]; run: SyncRun },
): Promise<Counts> {
  const lookups = new Lookups(ctx.vendors.stripe, patienceMilliseconds)
  let counts: Counts = {}
  let current = shown
  /** Of objects that were asked for once more: the row as it stood before that. */
  const asOf = new Map<string, string>()
  await rereading(async () => {
    const now = ctx.now()
    const findings: Found[] = []
    const first = provisional(kind, current, (id, problem) =>
      findings.push(finding(run, kind, id, "unreadable", [problem], now)),
    )
    await completeLists(first, lookups)
    for (const outcome of first.outcomes.values()) if (outcome.status === "failing") throw outcome.error
    const unsettled = await unsettledEvents(ctx, current)
    const state = await loadState(ctx, first.items)
    const overtaken = current.filter((each) => isOvertaken(kind, each, state, asOf))
    if (overtaken.length > 0) {
      for (const { id } of overtaken) asOf.set(id, rowOf(kind, id, state))
      current = await askedAgain(ctx, kind, current, overtaken)
      return "again"
    }
    const waiting = unsettled.filter(({ status }) => status === "waiting")
    const batch: ReadBatch = { items: [], outcomes: new Map() }
    for (const item of first.items) {
      const id = requiredText(item.event.object, "id")
      if (waiting.some(({ object }) => object === id)) continue
      const told = tell(kind, item, state)
      if (!told) continue
      findings.push(finding(run, kind, id, told.finding, told.fields, now))
      batch.items.push(...(unsettled.some(({ object }) => object === id) ? told.items.map(silent) : told.items))
    }
    counts = { ...countsOf(findings), ...(waiting.length > 0 && { waiting: waiting.length }) }
    if (batch.items.length > 0) {
      batch.items.sort(
        (a, b) => a.event.createdAt.getTime() - b.event.createdAt.getTime() || (a.event.id < b.event.id ? -1 : 1),
      )
      const fetched = await fetchMissing(batch, state, lookups)
      for (const outcome of batch.outcomes.values()) if (outcome.status === "failing") throw outcome.error
      const folded = foldBatch({
        batch,
        state,
        fetched,
        now,
        newId: () => crypto.randomUUID(),
        plan: (plan) =>
          planAutomation({ ...plan, changes: plan.changes.filter(({ occurredAt }) => occurredAt >= run.newsSince) }),
      })
      await runBatch(ctx.db, [
        ...writeStatements({ folded, settlements: [] }),
        ...(!run.first && findings.length > 0 ? [keep(findings)] : []),
      ])
      await queueEmails(ctx, dueNow(folded.automation, now))
    } else if (!run.first && findings.length > 0) await runBatch(ctx.db, [keep(findings)])
    return "done"
  })
  return counts
}

const rowOf = (kind: SyncKind, id: string, state: LoadedState): string => {
  const stamp = state.stamps.get(`${kind.table}:${id}`)
  return stamp ? JSON.stringify([stamp.syncedAt, stamp.syncedOrder, stamp.digest]) : ""
}

/**
 * Whether our row may know more than what was shown: a webhook may have come while the page was on its way. What is asked
 * for once the row was read cannot be older than it, as long as the row stays as it was.
 */
function isOvertaken(
  kind: SyncKind,
  { id, object, at }: Shown,
  state: LoadedState,
  asOf: Map<string, string>,
): boolean {
  const row = state.stamps.get(`${kind.table}:${id}`)
  if (!row || row.digest === "" || object === null || asOf.get(id) === rowOf(kind, id, state)) return false
  // Stripe stamps its events by the second.
  if (row.syncedAt.getTime() < Math.floor(at.getTime() / 1000) * 1000) return false
  // Somebody else has taken over the same by now, as in a first run, in which subscriptions bring their customers along.
  const { row: shown, items } = apiObjects[kind.table].read(object)
  return row.digest !== digestOf(items ? [shown, items] : shown)
}

async function askedAgain(ctx: SyncContext, kind: SyncKind, shown: Shown[], overtaken: Shown[]): Promise<Shown[]> {
  const fresh = new Map<string, Shown>()
  for (const { id, at } of overtaken) {
    const answer = await ctx.vendors.stripe.retrieve(apiObjects[kind.table].path(id))
    fresh.set(
      id,
      answer && answer.object.deleted !== true
        ? { id, object: answer.object, at: answer.at }
        : { id, object: null, at },
    )
  }
  return shown.map((each) => fresh.get(each.id) ?? each)
}

/** An event that was set aside tells lines and rules once it is replayed: until then only the rows are mended. */
const silent = (item: WorkItem): WorkItem => ({ ...item, says: { ...item.says, changes: [], timeline: [] } })

/** Each object as a change of we do not know yet what, for what is to be loaded along with it. */
function provisional(kind: SyncKind, shown: Shown[], unreadable: (id: string, problem: string) => void): ReadBatch {
  const batch: ReadBatch = { items: [], outcomes: new Map() }
  for (const { id, object, at } of shown) {
    try {
      const event = object
        ? found(kind, { type: `${kind.eventPrefix}.updated`, createdAt: at, object, previous: {} }, "")
        : found(
            kind,
            { type: `${kind.eventPrefix}.deleted`, createdAt: at, object: { id, deleted: true }, previous: {} },
            "",
          )
      const item = workItem(event, at)
      if (item) batch.items.push(item)
    } catch (thrown) {
      unreadable(id, toAppError(thrown).message.slice(0, 300))
    }
  }
  return batch
}

function workItem(event: StripeEvent, foundAt: Date): WorkItem | null {
  const interpreted = interpretEvent(event)
  if (!interpreted.relevant) return null
  return { event, says: interpreted.says, customer: customerOf(interpreted.says), foundAt }
}

/** The same id for the same finding, whoever finds it: what it tells is told once. */
const found = (kind: SyncKind, event: FoundEvent, digest: string): StripeEvent => ({
  ...event,
  id: `sync:${kind.table}:${String(event.object.id)}:${event.type.split(".").at(-1)}:${digest}`,
})

function tell(kind: SyncKind, item: WorkItem, state: LoadedState) {
  const { object, createdAt: at } = item.event
  if (object.deleted === true) {
    const [known] = [state.customers.get(String(object.id))]
    if (kind.table === "customers" && (!known || known.deletedAt !== null)) return null
    return { finding: "deleted" as const, fields: [], items: [item] }
  }
  const snapshot = apiObjects[kind.table].read(object)
  const result = findingOf({ kind, object, snapshot, state, at })
  if (!result) return null
  const digest = digestOf(snapshot.items ? [snapshot.row, snapshot.items] : snapshot.row)
  const before = state.stamps.get(`${kind.table}:${snapshot.id}`)
  // Whatever our row is as of, this is later: every event up to now has been looked at.
  const foundAt = before && before.syncedAt > at ? before.syncedAt : at
  return {
    ...result,
    items: result.events.flatMap((event) => workItem(found(kind, event, digest), foundAt) ?? []),
  }
}

/** Objects that a stored event is about which nobody has applied yet, or which was set aside. */
async function unsettledEvents(ctx: Context, shown: Shown[]) {
  const ids = textArray(shown.map(({ id }) => id))
  const rows = await ctx.db.execute<{ object: string; status: "waiting" | "failed" }>(sql`
    select object, max(status) as status from (
      select object_id as object, 'waiting' as status from stripe_events where status in ('received', 'retrying') and object_id = any(${ids})
      union all
      select object_id, 'failed' from stripe_events where status = 'failed' and object_id = any(${ids})) as unsettled
    group by object`)
  return rows.rows
}

const finding = (
  run: SyncRun,
  kind: SyncKind,
  objectId: string,
  what: Found["finding"],
  fields: string[],
  foundAt: Date,
): Found => ({ runId: run.runId, objectType: kind.table, objectId, finding: what, fields, foundAt })

const keep = (findings: Found[]) => sql`${insertRows(syncFindings, findings).statement} on conflict do nothing`

function countsOf(findings: Found[]): Counts {
  const counts: Counts = {}
  for (const { finding: what } of findings) counts[what] = (counts[what] ?? 0) + 1
  return counts
}

export function addCounts(a: Counts, b: Counts): Counts {
  const sum = { ...a }
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count
  return sum
}
