import { type SQL, sql } from "drizzle-orm"
import * as z from "zod/mini"

export const auditOutcomes = ["done", "denied"] as const

const text = z.catch(z.optional(z.string().check(z.trim(), z.maxLength(200))), undefined)
const day = z.catch(z.optional(z.iso.date()), undefined)

/** As it stands in the address; what does not fit is left out. */
export const auditFilter = z.object({
  /** E-mail of a member of staff, name of an API key, or what the system calls itself. */
  who: text,
  action: text,
  /** `customer`, or `customer:<id>`. */
  subject: text,
  outcome: z.catch(z.optional(z.enum(auditOutcomes)), undefined),
  /** Days in UTC, both included. */
  from: day,
  to: day,
})

export type AuditFilter = z.infer<typeof auditFilter>

export function auditConditions(filter: AuditFilter): SQL[] {
  const conditions: SQL[] = [sql`true`]
  if (filter.who) conditions.push(sql`coalesce(actor_label, actor) = ${filter.who}`)
  if (filter.action) conditions.push(sql`action = ${filter.action}`)
  if (filter.subject) {
    const [, type, id] = /^([^:]*):?(.*)$/s.exec(filter.subject) ?? []
    conditions.push(sql`subject_type = ${type ?? ""}`)
    if (id) conditions.push(sql`subject_id = ${id}`)
  }
  if (filter.outcome) conditions.push(sql`outcome = ${filter.outcome}`)
  if (filter.from) conditions.push(sql`at >= ${filter.from}::date::timestamp at time zone 'UTC'`)
  if (filter.to) conditions.push(sql`at < (${filter.to}::date + 1)::timestamp at time zone 'UTC'`)
  return conditions
}
