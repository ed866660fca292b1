import { type SQL, sql } from "drizzle-orm"
import { jsonb } from "../../db/bulk.ts"

/** What Resend's webhooks tell of the mail with a code. */
export interface ToldCode {
  linkCodeId: string | null
  type: string
  permanentBounce: boolean
}

/** Codes whose mail came back or was not sent: whoever waits is told with their next press. In any order, any number of times. */
export function tellLinkCodes(told: ToldCode[]): SQL[] {
  const rows = told.flatMap(({ linkCodeId, type, permanentBounce }) =>
    linkCodeId && (permanentBounce || type === "email.failed" || type === "email.suppressed")
      ? [{ id: linkCodeId, failure: type === "email.suppressed" ? "suppressed" : "lost" }]
      : [],
  )
  if (rows.length === 0) return []
  return [
    sql`update discord_link_codes c set failure = r.failure
      from jsonb_to_recordset(${jsonb(rows)}) as r(id uuid, failure text)
      where c.id = r.id and c.used_at is null and c.failure is distinct from 'suppressed'`,
  ]
}
