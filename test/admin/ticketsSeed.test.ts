import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { ticketCategory } from "../../shared/support/categorySchema.ts"
import { defaultCategories } from "../../shared/support/settings/defaultCategories.ts"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()

test("the categories that ship fit their schema, and what staff took away stays away", async () => {
  for (const category of defaultCategories) expect(ticketCategory.parse(category)).toEqual(category)
  const ctx = testContext({ db, vendors: {} })
  await seedSupport(ctx)
  const names = async () =>
    (await db.execute<{ id: string }>(sql`select id from ticket_categories order by position`)).rows.map(({ id }) => id)
  expect(await names()).toEqual(["purchase", "setup", "technical", "billing", "other"])
  await db.execute(sql`delete from ticket_categories where id = 'setup'`)
  await db.execute(sql`update ticket_categories set name = 'Money' where id = 'billing'`)
  await seedSupport(ctx)
  expect(await names()).toEqual(["purchase", "technical", "billing", "other"])
  const kept = await db.execute(sql`select name, keywords[1] as word from ticket_categories where id = 'billing'`)
  expect(kept.rows).toEqual([{ name: "Money", word: "invoice" }])
})
