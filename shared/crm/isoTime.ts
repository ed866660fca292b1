import { type SQL, sql } from "drizzle-orm"

/** A timestamptz as ISO 8601 in UTC. */
export const isoTime = (column: SQL): SQL => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
