import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, expect, test } from "vitest"
import { startFakes } from "./server.ts"

const folder = mkdtempSync(path.join(tmpdir(), "stand-ins-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test("what there is outlives a restart, and new ids differ from the old", async () => {
  const stateFile = path.join(folder, "state.json")
  const first = await startFakes({ stateFile })
  const customer = first.stripe.createCustomer({ email: "a@example.com" }).id
  const { id } = first.stripe.subscribe({ customer, price: "price_pro_eur_month", trialDays: 14 })
  first.stripe.setCard(customer, "insufficient_funds")
  first.stripe.advanceClock(3 * 86_400)
  const events = first.events.events.map((event) => event.id)
  const now = first.stripe.now()
  await first.close()

  const second = await startFakes({ stateFile })
  try {
    expect(second.stripe.all("subscription")).toMatchObject([{ id, status: "trialing" }])
    expect(second.stripe.now() - now).toBeLessThan(60)
    expect(second.stripe.cardOf(customer)).toBe("insufficient_funds")
    expect(second.events.events.map((event) => event.id)).toEqual(events)
    second.stripe.advanceClock(12 * 86_400)
    expect(second.stripe.all("subscription")[0]?.status).toBe("past_due")
    const ids = second.events.events.map((event) => event.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(second.stripe.all("product")).toHaveLength(3)
  } finally {
    await second.close()
  }
})

test("webhooks go by HTTP to the address given", async () => {
  const received: { path: string | undefined; signature: unknown }[] = []
  const receiver = createServer((request, response) => {
    request.resume()
    request.on("end", () => {
      received.push({ path: request.url, signature: request.headers["stripe-signature"] })
      response.end("ok")
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve))
  const address = receiver.address()
  const port = typeof address === "object" ? address?.port : 0
  const fakes = await startFakes({ stripe: { webhookUrl: `http://127.0.0.1:${port}/stripe` } })
  try {
    fakes.stripe.createCustomer({ name: "A" })
    await fakes.settled()
    expect(received).toEqual([{ path: "/stripe", signature: expect.stringMatching(/^t=\d+,v1=[0-9a-f]{64}$/) }])
    expect(fakes.events.deliveries).toMatchObject([{ status: "delivered", attempts: [{ status: 200, answer: "ok" }] }])
  } finally {
    await fakes.close()
    receiver.close()
  }
})
