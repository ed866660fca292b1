import { type SQL, sql } from "drizzle-orm"

/** What is kept of an address that must get no mail and whose holder is to be forgotten: no address looks like it. */
export const addressHash = (email: SQL): SQL =>
  sql`('sha256:' || encode(sha256(convert_to(lower(${email}), 'UTF8')), 'hex'))`
