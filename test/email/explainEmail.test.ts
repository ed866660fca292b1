import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { explainEmail } from "../../shared/email/explainEmail.ts"
import { putInOutbox } from "../support/outbox.ts"
import { playedHistory } from "../support/playedHistory.ts"
import { play } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const now = new Date("2026-11-20T12:00:00Z")

test("a mail says which event, rule and step it exists for", async () => {
  const history = playedHistory({ seed: 2, customers: 1, steps: 0, until: now })
  const ctx = testContext({ db, now, vendors: { stripe: history.api } })
  await seedDefaults(ctx)
  await play(ctx, history.events)
  const found = await db.execute<{ id: string }>(sql`select id from email_outbox where template_id = 'welcome'`)
  const explained = await explainEmail(ctx, String(found.rows[0]?.id))
  expect(explained.mail).toMatchObject({ templateId: "welcome", step: 0, status: "stale" })
  expect(JSON.stringify(explained.because)).toContain("subscription.activated")
  expect(JSON.stringify(explained.because)).toMatch(/evt_/)
})

test("a mail that belongs to no sequence says so, and one that does not exist is not found", async () => {
  const ctx = testContext({ db, now, vendors: {} })
  const [id] = await putInOutbox(db, now, [{}])
  expect(await explainEmail(ctx, String(id))).toMatchObject({ because: null, request: null, told: [] })
  await expect(explainEmail(ctx, "7b0f3a0e-0000-4000-8000-000000000000")).rejects.toMatchObject({ code: "not_found" })
  await expect(explainEmail(ctx, "nonsense")).rejects.toMatchObject({ code: "not_found" })
})
