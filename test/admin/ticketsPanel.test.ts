import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { testContext } from "../support/testContext.ts"
import { useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database)

test("staff see on the pages that the panel in Discord is stale and why, and have it tried again", async () => {
  await seedSupport(testContext({ db, vendors: {} }))
  const panel = {
    channelId: "1".repeat(18),
    messageId: "2".repeat(18),
    error: "Missing <b>Access</b>",
    triedAt: new Date().toISOString(),
  }
  await db.execute(sql`
    insert into settings (name, value, updated_at) values ('supportPanel', ${JSON.stringify(panel)}::jsonb, now())`)
  const session = await admin.as("owner")
  for (const path of ["/tickets/categories", "/tickets/setup"])
    expect(await (await session.get(path)).text()).toMatch(
      /does not show what the categories are now.*Missing &lt;b&gt;Access/s,
    )
  expect((await session.post("/tickets/setup/panel")).status).toBe(303)
  expect(await (await session.get("/tickets/categories")).text()).not.toContain("does not show what")
  expect(await (await (await admin.as("viewer")).get("/tickets/categories")).text()).not.toContain("Try again now")
})
