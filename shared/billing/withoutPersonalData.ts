import type { InvoiceLine } from "../db/schema/billing.ts"
import type { CustomerRow } from "./apply/loadState.ts"
import type { TimelineRow } from "./apply/timelineRows.ts"
import type { SnapshotTable } from "./snapshot.ts"

/** What is left of a stored webhook of a customer whose data was erased. */
export const erasedPayload = '{"erased":true}'
/** Why an event of theirs that could not be applied is not tried again. */
export const erasedReason = "The customer's data was erased."
/** What stands for the body of an event that was kept long enough. */
export const expiredPayload = '{"expired":true}'

/** Timeline lines that are about money, by the beginning of their kind; no others are kept of an erased customer. */
export const moneyKinds = ["invoice.", "payment.", "refund.", "dispute."]
/** What such a line says. */
export const moneyFields = ["amount", "currency", "invoice", "subscription", "charge", "attempt"]

/** An erased customer keeps what the books need: ids, country, currency, and where they stand. */
export function withoutPerson(row: CustomerRow): CustomerRow {
  if (row.erasedAt === null) return row
  const nothing = { email: null, name: null, phone: null, locale: null, timeZone: null, discordName: null }
  return { ...row, ...nothing, metadata: {}, tags: [], deletedAt: row.deletedAt ?? row.erasedAt }
}

/** A row of an erased customer as it is kept: null where nothing of it is. */
export function moneyRecord(table: SnapshotTable, row: Record<string, unknown>): Record<string, unknown> | null {
  switch (table) {
    case "paymentMethods":
    case "taxIds":
      return null
    case "subscriptions":
      return { ...row, metadata: {}, cancellationComment: null }
    case "invoices": {
      const lines = Array.isArray(row.lines)
        ? row.lines.map((line: InvoiceLine) => ({ ...line, description: null }))
        : []
      return { ...row, lines, hostedInvoiceUrl: null }
    }
    case "charges":
      return { ...row, receiptUrl: null, failureMessage: null }
    case "paymentIntents":
      return { ...row, failureMessage: null }
    default:
      return row
  }
}

/** A line of an erased customer's timeline: null where it is not about money. */
export function moneyLine(row: TimelineRow): TimelineRow | null {
  if (!moneyKinds.some((kind) => row.kind.startsWith(kind))) return null
  const data = Object.fromEntries(Object.entries(row.data).filter(([field]) => moneyFields.includes(field)))
  return { ...row, data }
}
