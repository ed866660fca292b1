import { sql } from "drizzle-orm"
import { beforeEach, expect, test, vi } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useWorkers } from "../support/useWorkers.ts"

const database = useDatabase()
const { db } = database
const workers = useWorkers(database, ["webhooks", "jobs", "email"])

beforeEach(async () => {
  await seedDefaults(testContext({ db, vendors: {} }))
  await workers.tick("jobs", "*/2 * * * *")
})

test("with webhooks switched off, what customers did is there after a sync, with the right mails sent once", async () => {
  const world = workers.fakes.stripe
  workers.fakes.faults.set("stripe", { webhooksOff: true })
  const price = world.all("price").find(({ recurring }) => recurring !== null)
  if (!price) throw new Error("The stand-in has no price.")
  for (let index = 0; index < 5; index++) {
    const { id } = world.createCustomer({ email: `c${index}@example.com`, name: `Customer ${index}` })
    world.subscribe({ customer: id, price: price.id })
  }
  await workers.fakes.settled()
  expect((await db.execute(sql`select from customers`)).rowCount).toBe(0)
  const run = await workers.runJob("stripe-sync")
  expect(run.outcome).toBe("succeeded")
  expect((await db.execute(sql`select from customers`)).rowCount).toBe(5)
  await vi.waitFor(() => expect(workers.fakes.mailbox.mails.length).toBe(5), { timeout: 20_000, interval: 100 })
  const mails = workers.fakes.mailbox.mails.map(({ subject }) => subject)
  expect((await workers.runJob("stripe-sync")).outcome).toBe("succeeded")
  workers.fakes.faults.clear()
  await workers.runJob("emails")
  await workers.fakes.settled()
  expect(workers.fakes.mailbox.mails.map(({ subject }) => subject)).toEqual(mails)
})
