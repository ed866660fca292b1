import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { jsonb, uuidArray } from "../db/bulk.ts"
import type { FrozenMessage } from "../db/schema/email.ts"
import { toAppError } from "../errors.ts"
import type { Settings } from "../settings/settings.ts"
import { completeEnrolments } from "./completeEnrolments.ts"
import type { Renderer } from "./createRenderer.ts"
import { decideEmail } from "./decideEmail.ts"
import { frozenMessage, type SenderConfig } from "./frozenMessage.ts"
import { leaveSequences } from "./leaveSequences.ts"
import type { LoadedEmail } from "./loadEmailCases.ts"
import { type FrozenRequest, requestLeaseMilliseconds } from "./openRequests.ts"

interface Frozen {
  email: LoadedEmail
  message: FrozenMessage
}

interface Decided {
  frozen: Frozen[]
  dropped: { id: string; status: string; reason: string }[]
  leaving: { id: string; reason: string }[]
  postponed: { id: string; due_at: Date; reason: string }[]
}

interface Input {
  settings: Settings
  emails: LoadedEmail[]
  config: SenderConfig
  renderer: Renderer
}

/**
 * Decides about each mail, renders those that go out, and writes all of it down in one batch before anything is sent:
 * from here on the request only ever goes out as it stands. Returns the request, or null when nothing is to be sent.
 */
export async function freezeEmails(ctx: Context, input: Input): Promise<FrozenRequest | null> {
  const now = ctx.now()
  const decided = await decide(input)
  const { frozen, dropped, leaving, postponed } = decided
  const requestId = requestIdFor(frozen)
  const statements: SQL[] = []
  if (dropped.length > 0)
    statements.push(
      sql`update email_outbox o set status = r.status, reason = r.reason, lease_until = null
        from jsonb_to_recordset(${jsonb(dropped)}) as r(id uuid, status text, reason text)
        where o.id = r.id and o.status = 'due'`,
      completeEnrolments(
        dropped.map(({ id }) => id),
        now,
      ),
    )
  if (leaving.length > 0) statements.push(leaveSequences(leaving, now))
  if (postponed.length > 0)
    statements.push(sql`
      update email_outbox o set due_at = r.due_at, reason = r.reason, lease_until = null
      from jsonb_to_recordset(${jsonb(postponed)}) as r(id uuid, due_at timestamptz, reason text)
      where o.id = r.id and o.status = 'due'`)
  if (frozen.some(isMarketing)) statements.push(lockCustomers(frozen.filter(isMarketing)))
  if (frozen.length > 0) statements.push(freezing(frozen, requestId, now, input.settings.marketing))
  const results = await batch(ctx.db, statements)
  const notSent = [...dropped, ...leaving.map((mail) => ({ ...mail, status: "cancelled" }))]
  if (notSent.length > 0) ctx.log.info("mails not sent", { reasons: countReasons(notSent) })
  if (frozen.length === 0) return null

  const stored = new Set(results.at(-1)?.rows.map((row) => row.id))
  if (stored.size === 0) return null
  const emails = frozen.flatMap(({ email: { claimed }, message }) =>
    stored.has(claimed.id) ? [{ id: claimed.id, message }] : [],
  )
  return { id: requestId, attempts: 1, firstAttemptAt: now, emails }
}

async function decide({ emails, renderer, settings, config }: Input): Promise<Decided> {
  const decided: Decided = { frozen: [], dropped: [], leaving: [], postponed: [] }
  const sentNow = new Map<string, number>()
  for (const email of emails) {
    const { id, customerId, mailClass } = email.claimed
    const now = sentNow.get(customerId) ?? 0
    const decision = decideEmail({ ...email.case, recentMarketing: email.case.recentMarketing + now })
    switch (decision.do) {
      case "drop":
        decided.dropped.push({ id, status: decision.status, reason: decision.reason })
        break
      case "leave":
        decided.leaving.push({ id, reason: decision.reason })
        break
      case "postpone":
        decided.postponed.push({ id, due_at: decision.until, reason: decision.reason })
        break
      case "send":
        try {
          const message = await frozenMessage(email, { renderer, brand: settings.brand, config })
          decided.frozen.push({ email, message })
          if (mailClass === "marketing") sentNow.set(customerId, now + 1)
        } catch (thrown) {
          decided.dropped.push({ id, status: "failed", reason: toAppError(thrown).message })
        }
    }
  }
  return decided
}

const isMarketing = ({ email }: Frozen) => email.claimed.mailClass === "marketing"

/** A single mail goes out under its own id, unless that key has been used for a text that was refused. */
function requestIdFor(frozen: Frozen[]): string {
  const [first, ...others] = frozen
  return first && others.length === 0 && first.email.claimed.requestId === null
    ? first.email.claimed.id
    : crypto.randomUUID()
}

/** Two senders at once must not both think that the customer's cap has room for one more. */
const lockCustomers = (frozen: Frozen[]): SQL => sql`
  select pg_advisory_xact_lock(key) from (
    select hashtextextended(id::text, 1) as key from unnest(${uuidArray(new Set(frozen.map(({ email }) => email.claimed.customerId)))}) as id order by 1
  ) as keys`

/** Who left a sequence, or was frozen by somebody else, since the claim is not in the request: only what is still due. */
function freezing(frozen: Frozen[], requestId: string, now: Date, { capMails, capDays }: Settings["marketing"]): SQL {
  const before = new Map<string, number>()
  const rows = frozen.map(({ email: { claimed, source }, message }, position) => {
    const earlier = before.get(claimed.customerId) ?? 0
    if (claimed.mailClass === "marketing") before.set(claimed.customerId, earlier + 1)
    return { id: claimed.id, message, template_version: source?.version, position, earlier }
  })
  const capSince = new Date(now.getTime() - capDays * 86_400_000).toISOString()
  const withinCap = frozen.some(isMarketing)
    ? sql`and (o.mail_class <> 'marketing' or r.earlier + (
        select count(*) from email_outbox m where m.customer_id = o.customer_id and m.mail_class = 'marketing'
          and (m.sent_at > ${capSince} or m.status = 'sending')) < ${capMails})`
    : sql``
  return sql`
    with frozen as (
      update email_outbox o set status = 'sending', reason = null, lease_until = null, message = r.message,
        template_version = r.template_version, request_id = ${requestId}, request_index = r.position
      from jsonb_to_recordset(${jsonb(rows)}) as r(id uuid, message jsonb, template_version integer, position integer, earlier integer)
      where o.id = r.id and o.status = 'due' ${withinCap}
      returning o.id),
    request as (
      insert into email_requests (id, status, lease_until, attempts, first_attempt_at)
      select ${requestId}::uuid, 'open', ${new Date(now.getTime() + requestLeaseMilliseconds).toISOString()}::timestamptz, 1, ${now.toISOString()}::timestamptz
      where exists (select from frozen))
    select id from frozen`
}

const countReasons = (mails: Decided["dropped"]) =>
  Object.fromEntries(
    [...Map.groupBy(mails, ({ status, reason }) => `${status}: ${reason}`)].map(([key, rows]) => [key, rows.length]),
  )
