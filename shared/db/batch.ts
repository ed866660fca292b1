import type { SQL } from "drizzle-orm"
import type { Database } from "./client.ts"

/** Runs statements in one transaction and one round trip; none is none. */
export async function batch(db: Database, statements: SQL[]) {
  const [first, ...rest] = statements.map((statement) => db.execute(statement))
  return first ? await db.batch([first, ...rest]) : []
}
