import { neon, neonConfig } from "@neondatabase/serverless"
import { drizzle, type NeonHttpDatabase } from "drizzle-orm/neon-http"

export type Database = NeonHttpDatabase<Record<string, never>>

/**
 * Neon over HTTP: one statement or one `db.batch` a round trip, no interactive transactions.
 * `httpEndpoint` is where Neon's HTTP protocol answers when it is not Neon itself (local development, tests).
 */
export function createDatabase(options: { url: string; httpEndpoint?: string }): Database {
  if (options.httpEndpoint) neonConfig.fetchEndpoint = options.httpEndpoint
  return drizzle(neon(options.url))
}
