import path from "node:path"
import { drizzle } from "drizzle-orm/node-postgres"
import { migrate } from "drizzle-orm/node-postgres/migrator"
import pg from "pg"

/** Applies what is missing of migrations/, forward only, over an ordinary PostgreSQL connection. */
export async function migrateDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on("notice", () => {})
  await client.connect()
  try {
    // Drizzle's migrations hold tables and indexes; what an index needs of an extension comes before.
    await client.query("create extension if not exists pg_trgm")
    await migrate(drizzle(client), { migrationsFolder: path.join(import.meta.dirname, "../../migrations") })
  } finally {
    await client.end()
  }
}
