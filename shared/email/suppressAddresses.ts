import { type SQL, sql } from "drizzle-orm"
import { jsonb } from "../db/bulk.ts"
import { addressHash } from "./addressHash.ts"
import type { StoredEvent } from "./writeResendEvents.ts"

/** A permanent bounce, a complaint and a refusal of Resend's own stop every mail to the address; a transient bounce none. */
export function suppressAddresses(events: StoredEvent[]): SQL[] {
  const rows = events.flatMap(({ svixId, event }) => {
    const reason = reasonOf(event)
    // A mail to several does not say which of them it was.
    const [email, ...others] = event.to
    return reason && email && others.length === 0 ? [{ email, reason, since: event.createdAt, source_id: svixId }] : []
  })
  if (rows.length === 0) return []
  return [
    sql`insert into suppressions (email, reason, "all", since, source_id)
      select distinct on (lower(r.email), r.reason)
        case when exists (select from suppressions e where e.email = ${addressHash(sql`r.email`)} and e.reason = 'erased')
          then ${addressHash(sql`r.email`)} else lower(r.email) end, r.reason, true, r.since, r.source_id
      from jsonb_to_recordset(${jsonb(rows)}) as r(email text, reason text, since timestamptz, source_id text)
      order by lower(r.email), r.reason, r.since, r.source_id collate "C"
      on conflict (email, reason) do update set since = excluded.since, source_id = excluded.source_id
      where (excluded.since, excluded.source_id collate "C") < (suppressions.since, suppressions.source_id collate "C")`,
  ]
}

function reasonOf(event: StoredEvent["event"]) {
  if (event.type === "email.complained") return "complaint"
  if (event.type === "email.suppressed") return "vendor"
  return event.type === "email.bounced" && event.bounce?.type === "Permanent" ? "bounce" : null
}
