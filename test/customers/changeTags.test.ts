import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { changeTags } from "../../shared/customers/changeTags.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const ctx = testContext({
  db,
  vendors: {},
  actor: { kind: "staff", id: "s1", email: "ops@example.com", name: "Ops", role: "ops" },
})

test("tags that are there already leave no line in the audit log, and nobody has none", async () => {
  const id = crypto.randomUUID()
  await db.execute(sql`
    insert into customers (id, email, stage, tags, created_at, synced_at, synced_order, digest)
    values (${id}, 'ada@example.com', 'active', '{}', now(), now(), '', '')`)
  await changeTags(ctx, { id, add: ["vip"] })
  await changeTags(ctx, { id, add: ["vip"], remove: ["owes"] })
  await expect(changeTags(ctx, { id: crypto.randomUUID(), add: ["vip"] })).rejects.toMatchObject({ code: "not_found" })
  const { rows } = await db.execute(sql`select subject_id, before, after from audit_log`)
  expect(rows).toEqual([{ subject_id: id, before: [], after: { add: ["vip"], remove: [] } }])
})
