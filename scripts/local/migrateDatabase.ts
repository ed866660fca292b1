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
    await migrate(drizzle(client), { migrationsFolder: path.join(import.meta.dirname, "../../migrations") })
  } finally {
    await client.end()
  }
}
