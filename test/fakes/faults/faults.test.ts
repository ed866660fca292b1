import { Resend } from "resend"
import { beforeEach, describe, expect, test } from "vitest"
import { stripeClient } from "../support/stripeClient.ts"
import { useFakes } from "../support/useFakes.ts"
import { webhookReceiver } from "../support/webhookReceiver.ts"
import { Faults } from "./faults.ts"

const receiver = webhookReceiver()
const stand = useFakes({
  deliver: receiver.deliver,
  resend: { requestsPerSecond: 0 },
  stripe: { requestsPerSecond: 0 },
})
beforeEach(() => {
  receiver.received.length = 0
})
const mail = { from: "hello@example.com", to: "ada@example.com", subject: "Hello", text: "Hello" }
const send = () =>
  fetch(`${stand.fakes.url}/resend/emails`, {
    method: "POST",
    headers: { authorization: "Bearer re_fake", "user-agent": "test", "idempotency-key": "key-1" },
    body: JSON.stringify(mail),
  })

describe("of a request", () => {
  test("a timeout after acceptance: it is done, nobody is told, and the same key does not do it again", async () => {
    stand.fakes.faults.set("resend", { timeoutAfterAcceptance: { count: 1 } })
    await expect(send()).rejects.toThrow()
    expect(stand.fakes.resend.accepted).toBe(1)
    expect((await send()).status).toBe(200)
    expect(stand.fakes.resend.accepted).toBe(1)
  })

  test("a timeout after acceptance may also hang until the caller gives up", async () => {
    stand.fakes.faults.set("stripe", { timeoutAfterAcceptance: { count: 1, milliseconds: 60_000 } })
    const asked = fetch(`${stand.fakes.url}/stripe/v1/customers`, {
      method: "POST",
      headers: { authorization: "Bearer sk_test_fake" },
      body: "name=A",
      signal: AbortSignal.timeout(200),
    })
    await expect(asked).rejects.toThrow("timeout")
    expect(stand.fakes.stripe.all("customer")).toHaveLength(1)
  })

  test("a connection dropped before acceptance: nothing is done", async () => {
    stand.fakes.faults.set("resend", { droppedConnection: { count: 1 } })
    await expect(send()).rejects.toThrow()
    expect(stand.fakes.resend.accepted).toBe(0)
    expect((await send()).status).toBe(200)
  })

  test("429 and 500 in the vendors' own words, as often as asked", async () => {
    stand.fakes.faults.set("resend", { tooManyRequests: { count: 1 }, serverError: { count: 1 } })
    const client = new Resend("re_fake", { baseUrl: `${stand.fakes.url}/resend` })
    const names: string[] = []
    for (let index = 0; index < 3; index++) names.push((await client.emails.send(mail)).error?.name ?? "sent")
    expect(names).toEqual(["rate_limit_exceeded", "internal_server_error", "sent"])

    stand.fakes.faults.set("stripe", { serverError: 1 })
    await expect(stripeClient(stand.fakes.url).customers.list()).rejects.toMatchObject({ type: "StripeAPIError" })
    stand.fakes.faults.clear("stripe")
    await expect(stripeClient(stand.fakes.url).customers.list()).resolves.toMatchObject({ data: [] })
  })

  test("only those that the rule names", async () => {
    stand.fakes.faults.set("stripe", { serverError: { on: "GET /stripe/v1/invoices" } })
    const client = stripeClient(stand.fakes.url)
    await expect(client.customers.list()).resolves.toBeDefined()
    await expect(client.invoices.list()).rejects.toThrow()
    expect(stand.fakes.faults.stripe.happened.get("serverError")).toBe(1)
  })

  test("slow answers", async () => {
    stand.fakes.faults.set("resend", { latency: { count: 1, milliseconds: 120 } })
    const started = performance.now()
    await send()
    expect(performance.now() - started).toBeGreaterThanOrEqual(115)
  })
})

describe("of webhooks", () => {
  const people = (count: number) => {
    for (let index = 0; index < count; index++) stand.fakes.stripe.createCustomer({ name: String(index) })
  }
  const names = () => receiver.received.map(({ body }) => JSON.parse(body).data.object.name)

  test("duplicates are the same to the letter", async () => {
    stand.fakes.faults.set("stripe", { duplicateWebhooks: { count: 2 } })
    people(3)
    await stand.fakes.settled()
    expect(names()).toEqual(["0", "0", "1", "1", "2"])
    expect(receiver.received[0]?.body).toBe(receiver.received[1]?.body)
  })

  test("shuffled in groups, the same way for the same seed", async () => {
    stand.fakes.faults.set("stripe", { reorderWebhooks: 8 })
    people(8)
    await stand.fakes.settled()
    const shuffled = names()
    expect(shuffled.toSorted()).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"])
    expect(shuffled).not.toEqual(shuffled.toSorted())
    const items = [1, 2, 3, 4, 5, 6, 7, 8]
    expect(new Faults(7).shuffle(items)).toEqual(new Faults(7).shuffle(items))
  })

  test("held back until there are enough of them, or until somebody waits for them", async () => {
    stand.fakes.faults.set("stripe", { reorderWebhooks: 100 })
    people(3)
    expect(stand.fakes.events.deliveries.map(({ attempts }) => attempts.length)).toEqual([0, 0, 0])
    await stand.fakes.settled()
    expect(receiver.received).toHaveLength(3)
  })

  test("off: withheld, and sent when asked", async () => {
    stand.fakes.faults.set("stripe", { webhooksOff: true })
    people(2)
    await stand.fakes.settled()
    expect(receiver.received).toEqual([])
    stand.fakes.faults.clear()
    expect(stand.fakes.events.webhooks.resendUndelivered()).toBe(2)
    await stand.fakes.settled()
    expect(names()).toEqual(["0", "1"])
  })
})

test("a probability is drawn from the seed: the same run has the same faults", () => {
  const run = (seed: number) => {
    const faults = new Faults(seed)
    faults.set({ serverError: 0.3 })
    return Array.from({ length: 200 }, () => faults.strikes("serverError") !== null)
  }
  expect(run(1)).toEqual(run(1))
  expect(run(1)).not.toEqual(run(2))
  const share = run(3).filter(Boolean).length / 200
  expect(share).toBeGreaterThan(0.2)
  expect(share).toBeLessThan(0.4)
})
