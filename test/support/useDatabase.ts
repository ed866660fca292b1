import { randomBytes } from "node:crypto"
import pg from "pg"
import { afterAll, beforeAll, inject } from "vitest"
import { createDatabase, type Database } from "../../shared/db/client.ts"

export interface TestDatabase {
  db: Database
  url: string
  httpEndpoint: string
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject("postgresUrl") })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** A database of its own for this test file, empty but migrated. */
export function useDatabase(): TestDatabase {
  const name = `test_${randomBytes(6).toString("hex")}`
  const url = inject("postgresUrl").replace(/\/[^/]*$/, `/${name}`)
  const httpEndpoint = inject("neonEndpoint")
  beforeAll(() => administer(`create database ${name} template template_ops`))
  afterAll(() => administer(`drop database ${name} with (force)`))
  return { db: createDatabase({ url, httpEndpoint }), url, httpEndpoint }
}
