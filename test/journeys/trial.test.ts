import { sql } from "drizzle-orm"
import { beforeAll, expect, test, vi } from "vitest"
import { createApiKey } from "../../shared/apiKeys/createApiKey.ts"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useWorkers } from "../support/useWorkers.ts"

const database = useDatabase()
const { db } = database
const workers = useWorkers(database, ["crm", "webhooks", "email", "jobs"])
const ctx = testContext({ db, vendors: {}, actor: { kind: "job", name: "test" } })

beforeAll(async () => {
  await seedDefaults(ctx)
})

const mails = () => workers.fakes.mailbox.mails.map(({ subject, to }) => `${subject} > ${to.join()}`)
const until = <Value>(read: () => Value | Promise<Value>, check: (value: Value) => void) =>
  vi.waitFor(async () => check(await read()), { timeout: 15_000, interval: 100 })
const rows = async (query: ReturnType<typeof sql>) => (await db.execute(query)).rows

test("who tries, is pushed by the server's file, is reminded once, buys, and hears no more of the trial", async () => {
  const { key } = await createApiKey(ctx, { name: "Server", scopes: ["leads:write"] })
  const ends = new Date(Date.now() + 2.5 * 86_400_000)
  const push = () =>
    workers.fetch("crm", "/v1/trials/import", {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "text/csv" },
      body: `email,name,plan,started,ends\nada@example.com,Ada,Starter,2026-01-01,${ends.toISOString()}\n`,
    })
  expect((await push()).status).toBe(200)
  expect(await workers.runJob("trials")).toMatchObject({ outcome: "succeeded" })
  const day = new Intl.DateTimeFormat("en-US", {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  }).format(ends)
  await until(mails, (sent) => expect(sent).toEqual([`Your trial ends on ${day} > ada@example.com`]))
  expect(workers.fakes.mailbox.mails[0]?.text).toContain("Your trial of Starter ends on")

  expect((await push()).status).toBe(200)
  await workers.runJob("trials")
  const { stripe } = workers.fakes
  const customer = stripe.createCustomer({ email: "Ada@example.com", name: "Ada", country: "DE" })
  stripe.subscribe({ customer: customer.id, price: "price_pro_eur_month" })
  await until(mails, (sent) => expect(sent).toContain("Welcome to Example Hosting > Ada@example.com"))
  await until(
    () => rows(sql`select stage, stripe_id from customers where merged_into is null`),
    (found) => expect(found).toEqual([{ stage: "purchase", stripe_id: customer.id }]),
  )
  expect(await workers.runJob("trials")).toMatchObject({ outcome: "succeeded", counts: { converted: 1, told: 1 } })
  expect(await rows(sql`select status from email_outbox where template_id = 'own-trial-last-day'`)).toEqual([
    { status: "cancelled" },
  ])
  expect(mails()).toHaveLength(2)
})
