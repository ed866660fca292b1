import type { SQL } from "drizzle-orm"
import type { Database } from "./client.ts"

/** Runs statements in one transaction and one round trip. */
export async function batch(db: Database, statements: SQL[]): Promise<void> {
  const [first, ...rest] = statements.map((statement) => db.execute(statement))
  if (first) await db.batch([first, ...rest])
}
