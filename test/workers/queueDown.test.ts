import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { localSecrets } from "../../scripts/local/localEnv.ts"
import { selectDueEventIds } from "../../shared/billing/selectDueEventIds.ts"
import { receiveStripe } from "../../workers/webhooks/routes/receiveStripe.ts"
import { signStripe } from "../fakes/stripe/signature.ts"
import { stripeWith } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()

test("with the queue down an event is stored and acknowledged all the same, and the sweep finds it", async () => {
  const down = async () => {
    throw new Error("queue down")
  }
  const base = testContext({ db, now: new Date(), vendors: { stripe: stripeWith() } })
  const secret = localSecrets.STRIPE_WEBHOOK_SECRET
  const ctx = {
    ...base,
    queues: { ...base.queues, events: { send: down, sendBatch: down } },
    config: { stripe: { livemode: false, account: null, secrets: [secret] }, resend: { secrets: [] } },
  }
  const body = JSON.stringify({
    id: "evt_1",
    type: "product.created",
    created: 1_760_000_000,
    livemode: false,
    data: { object: { id: "prod_1" } },
  })
  const after: Promise<unknown>[] = []
  const request = new Request("https://webhooks.example.com/stripe", {
    method: "POST",
    headers: { "stripe-signature": signStripe(body, secret) },
    body,
  })
  const response = await receiveStripe(request, ctx, (work) => after.push(work))
  await Promise.all(after)
  expect(response.status).toBe(200)
  expect((await db.execute(sql`select status from stripe_events`)).rows).toEqual([{ status: "received" }])
  base.clock.now = new Date(Date.now() + 61_000)
  expect(await selectDueEventIds(base, 10)).toEqual(["evt_1"])
})
