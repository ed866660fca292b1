import { sql } from "drizzle-orm"
import { customerTimeZone } from "../automation/dueAt.ts"
import { sequenceSchema } from "../automation/sequenceSchema.ts"
import { parseFacts, selectFacts } from "../billing/selectFacts.ts"
import type { Context } from "../context.ts"
import { textArray, uuidArray } from "../db/bulk.ts"
import { sequences } from "../db/schema/automation.ts"
import { templates, templateVersions } from "../db/schema/email.ts"
import { parseSettings, selectSettings } from "../settings/readSettings.ts"
import type { Settings } from "../settings/settings.ts"
import { addressHash } from "./addressHash.ts"
import type { ClaimedEmail } from "./claimEmails.ts"
import type { MailSource } from "./createRenderer.ts"
import type { EmailCase } from "./decideEmail.ts"

export interface LoadedEmail {
  claimed: ClaimedEmail
  case: EmailCase
  source: MailSource | null
}

const day = 86_400_000
/** A cap over more days than this counts only these. */
const longestCapDays = 60

/** Everything that decides about the claimed mails, in one `db.batch`. */
export async function loadEmailCases(
  ctx: Context,
  claimed: ClaimedEmail[],
): Promise<{ settings: Settings; emails: LoadedEmail[] }> {
  const { db } = ctx
  const now = ctx.now()
  const customerIds = uuidArray(new Set(claimed.map((row) => row.customerId)))
  const some = (values: (string | null | undefined)[]) => new Set(values.flatMap((value) => value ?? []))
  const factQueries = selectFacts(db, {
    customerIds: some(claimed.map((row) => row.customerId)),
    subscriptionIds: some(claimed.map((row) => row.enrolment?.subscriptionId)),
    invoiceIds: some(claimed.map((row) => row.enrolment?.invoiceId)),
  })
  const [settingRows, sourceRows, sequenceRows, suppressionRows, recentRows, ...factRows] = await db.batch([
    selectSettings(db),
    db
      .select({
        id: templates.id,
        mailClass: templates.mailClass,
        version: templateVersions.version,
        subject: templateVersions.subject,
        html: templateVersions.html,
        text: templateVersions.text,
      })
      .from(templates)
      .innerJoin(
        templateVersions,
        sql`${templateVersions.templateId} = ${templates.id} and ${templateVersions.version} = ${templates.version}`,
      )
      .where(sql`${templates.id} = any(${textArray(some(claimed.map((row) => row.templateId)))})`),
    db
      .select()
      .from(sequences)
      .where(sql`${sequences.id} = any(${textArray(some(claimed.map((row) => row.enrolment?.sequenceId)))})`),
    db.execute<{ customer_id: string; reason: string; all: boolean }>(sql`
      select distinct on (c.id) c.id as customer_id, s.reason, s.all
      from customers c join suppressions s on s.email in (lower(c.email), ${addressHash(sql`c.email`)})
      where c.id = any(${customerIds}) order by c.id, s.all desc, s.since`),
    db.execute<{ customer_id: string; at: string | null }>(sql`
      select customer_id, sent_at as at from email_outbox
      where customer_id = any(${customerIds}) and mail_class = 'marketing'
        and (sent_at > ${new Date(now.getTime() - longestCapDays * day).toISOString()} or status = 'sending')`),
    ...factQueries,
  ])

  const settings = parseSettings(settingRows)
  const facts = parseFacts(factRows)
  const sources = new Map(sourceRows.map((row) => [row.id, row]))
  const known = new Map(
    sequenceRows.flatMap(({ updatedAt: _, ...row }) => {
      const parsed = sequenceSchema.safeParse(row)
      return parsed.success ? [[row.id, parsed.data] as const] : []
    }),
  )
  const suppressions = new Map(suppressionRows.rows.map((row) => [row.customer_id, row]))
  const capSince = now.getTime() - settings.marketing.capDays * day
  const recent = new Map<string, number>()
  for (const { customer_id, at } of recentRows.rows)
    if (at === null || Date.parse(at) > capSince) recent.set(customer_id, (recent.get(customer_id) ?? 0) + 1)

  const zones = new Map<string, string>()
  const zoneOf = (customer: { timeZone: string | null; country: string | null }) => {
    const key = `${customer.timeZone} ${customer.country}`
    const zone = zones.get(key) ?? customerTimeZone(customer, settings.brand.timeZone)
    zones.set(key, zone)
    return zone
  }

  const emails = claimed.map((row) => {
    const { enrolment } = row
    const customer = facts.customers.get(row.customerId) ?? null
    const source = sources.get(row.templateId) ?? null
    return {
      claimed: row,
      source: source && { ...source, mailClass: row.mailClass },
      case: {
        now,
        dueAt: row.dueAt,
        staleAt: row.staleAt,
        mailClass: row.mailClass,
        customer,
        subscription: facts.subscriptions.get(enrolment?.subscriptionId ?? "") ?? null,
        invoice: facts.invoices.get(enrolment?.invoiceId ?? "") ?? null,
        change: scalars(enrolment?.changeData ?? {}),
        enrolment: enrolment && { ...enrolment, sequence: known.get(enrolment.sequenceId) ?? null },
        suppression: suppressions.get(row.customerId) ?? null,
        hasTemplate: source !== null,
        putOffBecause: row.reason,
        recentMarketing: recent.get(row.customerId) ?? 0,
        timeZone: zoneOf(customer ?? { timeZone: null, country: null }),
        settings: settings.marketing,
      },
    }
  })
  return { settings, emails }
}

function scalars(data: Record<string, unknown>): EmailCase["change"] {
  const entries: [string, string | number | boolean][] = []
  for (const [key, value] of Object.entries(data))
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") entries.push([key, value])
  return Object.fromEntries(entries)
}
