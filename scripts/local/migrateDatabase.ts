import path from "node:path"
import { readMigrationFiles } from "drizzle-orm/migrator"
import pg from "pg"

const shipped = path.join(import.meta.dirname, "../../migrations")

/**
 * Applies what is missing of migrations/, forward only, over an ordinary PostgreSQL connection. Each is a transaction of its
 * own, unlike in Drizzle's migrator, whose records these are: what one locks is free again before the next one begins.
 */
export async function migrateDatabase(url: string, migrationsFolder: string = shipped): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on("notice", () => {})
  await client.connect()
  try {
    // Drizzle's migrations hold tables and indexes; what an index needs of an extension comes before.
    await client.query("create extension if not exists pg_trgm")
    await client.query("create schema if not exists drizzle")
    await client.query(
      "create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)",
    )
    const applied = await client.query<{ last: string | null }>(
      "select max(created_at) as last from drizzle.__drizzle_migrations",
    )
    const last = Number(applied.rows[0]?.last ?? -1)
    for (const migration of readMigrationFiles({ migrationsFolder }))
      if (migration.folderMillis > last) await apply(client, migration)
  } finally {
    // Without a commit nothing of the last one stays.
    await client.end()
  }
}

async function apply(client: pg.Client, { sql, hash, folderMillis }: ReturnType<typeof readMigrationFiles>[number]) {
  await client.query("begin")
  for (const statement of sql) await client.query(statement)
  await client.query("insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)", [
    hash,
    folderMillis,
  ])
  await client.query("commit")
}
