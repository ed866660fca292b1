import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()

test("a migrated database holds every table of the schema", async () => {
  const schema = await import("../../shared/db/schema/index.ts")
  const { getTableName, is } = await import("drizzle-orm")
  const { PgTable } = await import("drizzle-orm/pg-core")
  const declared = Object.values(schema)
    .filter((value) => is(value, PgTable))
    .map((table) => getTableName(table))
  const found = await db.execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'public'`,
  )
  expect(found.rows.map((row) => row.name).sort()).toEqual(declared.sort())
})

test("a batch that fails leaves nothing behind", async () => {
  const insert = (name: string) =>
    db.execute(sql`insert into settings (name, value, updated_at) values (${name}, '1', now())`)
  await expect(db.batch([insert("a"), insert("b"), insert("a")])).rejects.toThrow()
  const rows = await db.execute(sql`select * from settings`)
  expect(rows.rows).toEqual([])
})
