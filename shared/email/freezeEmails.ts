import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { jsonb } from "../db/bulk.ts"
import type { FrozenMessage } from "../db/schema/email.ts"
import { toAppError } from "../errors.ts"
import type { Settings } from "../settings/settings.ts"
import { completeEnrolments } from "./completeEnrolments.ts"
import { createRenderer } from "./createRenderer.ts"
import { decideEmail, type EmailDecision } from "./decideEmail.ts"
import type { LoadedEmail } from "./loadEmailCases.ts"
import { mailVariables } from "./mailVariables.ts"
import type { LinkSigner } from "./unsubscribeToken.ts"

/** A request that is written down and waits to be sent, or to be sent again. */
export interface FrozenRequest {
  id: string
  /** In the order in which Resend gets them. */
  emails: { id: string; message: FrozenMessage }[]
  firstAttemptAt: Date
}

export interface SenderConfig {
  portalUrl: string
  signer: LinkSigner
}

/** A request that nobody finished is taken over after this long. */
export const requestLeaseMilliseconds = 60_000

/**
 * Decides about each mail, renders those that go out, and writes all of it down in one batch before anything is sent:
 * from here on the request only ever goes out as it stands. Returns the request, or null when nothing is to be sent.
 */
export async function freezeEmails(
  ctx: Context,
  input: { settings: Settings; emails: LoadedEmail[]; config: SenderConfig },
): Promise<FrozenRequest | null> {
  const { settings, emails, config } = input
  const now = ctx.now()
  const renderer = createRenderer()
  const frozen: { id: string; message: FrozenMessage; templateVersion: number }[] = []
  const dropped: { id: string; status: string; reason: string }[] = []
  const postponed: { id: string; due_at: Date; reason: string }[] = []

  for (const email of emails) {
    const { id } = email.claimed
    const decision: EmailDecision = decideEmail(email.case)
    if (decision.do === "drop") dropped.push({ id, status: decision.status, reason: decision.reason })
    else if (decision.do === "postpone") postponed.push({ id, due_at: decision.until, reason: decision.reason })
    else
      try {
        frozen.push({
          id,
          message: await freeze(email, renderer, settings, config),
          templateVersion: email.source?.version ?? 0,
        })
      } catch (thrown) {
        dropped.push({ id, status: "failed", reason: toAppError(thrown).message })
      }
  }

  const requestId = crypto.randomUUID()
  const lease = new Date(now.getTime() + requestLeaseMilliseconds).toISOString()
  const statements: SQL[] = []
  // Who left a sequence since the claim is not in the request: only rows still due are frozen.
  const freezing = sql`
    update email_outbox o set status = 'sending', reason = null, lease_until = null, message = r.message,
      template_version = r.template_version, request_id = ${requestId}, request_index = r.position
    from jsonb_to_recordset(${jsonb(frozen.map(({ id, message, templateVersion }, position) => ({ id, message, template_version: templateVersion, position })))})
      as r(id uuid, message jsonb, template_version integer, position integer)
    where o.id = r.id and o.status = 'due'
    returning o.id, o.message, o.request_index`
  if (dropped.length > 0)
    statements.push(sql`
      update email_outbox o set status = r.status, reason = r.reason, lease_until = null
      from jsonb_to_recordset(${jsonb(dropped)}) as r(id uuid, status text, reason text)
      where o.id = r.id and o.status = 'due'`)
  if (postponed.length > 0)
    statements.push(sql`
      update email_outbox o set due_at = r.due_at, reason = r.reason, lease_until = null
      from jsonb_to_recordset(${jsonb(postponed)}) as r(id uuid, due_at timestamptz, reason text)
      where o.id = r.id and o.status = 'due'`)
  if (frozen.length > 0) {
    statements.push(sql`
      insert into email_requests (id, status, lease_until, attempts, first_attempt_at)
      values (${requestId}, 'open', ${lease}, 1, ${now.toISOString()})`)
    statements.push(freezing)
  }
  if (dropped.length > 0)
    statements.push(
      completeEnrolments(
        dropped.map(({ id }) => id),
        now,
      ),
    )
  const results = await batch(ctx.db, statements)
  if (dropped.length > 0) ctx.log.info("mails not sent", { reasons: countReasons(dropped) })
  if (frozen.length === 0) return null

  // Read back as stored, so that a repetition is the same to the letter.
  const stored = results[statements.indexOf(freezing)]?.rows ?? []
  const inOrder = stored.sort((a, b) => Number(a.request_index) - Number(b.request_index))
  return {
    id: requestId,
    firstAttemptAt: now,
    emails: inOrder.map((row) => ({ id: String(row.id), message: row.message as FrozenMessage })),
  }
}

async function freeze(
  { claimed, case: about, source }: LoadedEmail,
  renderer: ReturnType<typeof createRenderer>,
  { brand }: Settings,
  { portalUrl, signer }: SenderConfig,
): Promise<FrozenMessage> {
  const { customer } = about
  if (!customer?.email || !source) throw new Error("unreachable: only mails with an address and a template are frozen")
  const token = await signer.sign(customer.email)
  const links = { unsubscribe: `${portalUrl}/unsubscribe/${token}`, preferences: `${portalUrl}/preferences/${token}` }
  const variables = mailVariables({ ...about, customer, brand, links })
  const { subject, html, text } = renderer.render(source, variables, about.timeZone)
  const oneClick: Record<string, string> =
    claimed.mailClass === "marketing"
      ? { "List-Unsubscribe": `<${links.unsubscribe}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" }
      : {}
  return {
    from: `${displayName(brand.fromName)} <${brand.fromEmail}>`,
    to: customer.email,
    reply_to: brand.replyTo,
    subject,
    html,
    text,
    headers: { "X-Entity-Ref-ID": claimed.id, ...oneClick },
    tags: [
      { name: "outbox_id", value: claimed.id },
      { name: "template", value: claimed.templateId },
    ],
  }
}

const displayName = (name: string) => `"${name.replace(/["\\\r\n]/g, "")}"`

const countReasons = (dropped: { status: string; reason: string }[]) =>
  Object.fromEntries(
    [...Map.groupBy(dropped, ({ status, reason }) => `${status}: ${reason}`)].map(([key, rows]) => [key, rows.length]),
  )
