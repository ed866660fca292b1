import { beforeEach, describe, expect, test } from "vitest"
import { useFakes } from "../support/useFakes.ts"
import { webhookReceiver } from "../support/webhookReceiver.ts"

const receiver = webhookReceiver()
const stand = useFakes({
  deliver: receiver.deliver,
  resend: { requestsPerSecond: 0 },
  links: [{ label: "admin", url: "http://127.0.0.1:8787/" }],
})
beforeEach(() => {
  receiver.received.length = 0
})

const page = async (path = "/") => (await fetch(`${stand.fakes.url}${path}`)).text()
/** As a browser without script sends a form. */
const submit = (fields: Record<string, string>) =>
  fetch(`${stand.fakes.url}/_/act`, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" })
const act = async (action: object) => {
  const answer = await fetch(`${stand.fakes.url}/_/act`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(action),
  })
  return { status: answer.status, body: await answer.json() }
}

/** The forms of the page, as their fields with the values that are filled in. */
function forms(markup: string): Record<string, string>[] {
  return [...markup.matchAll(/<form method="post"[^>]*>(.*?)<\/form>/gs)].map(([, inner = ""]) => {
    const fields: Record<string, string> = {}
    for (const [tag] of inner.matchAll(/<(?:input|button)[^>]*>/g)) {
      const name = /name="([^"]*)"/.exec(tag)?.[1]
      if (name) fields[name] = /value="([^"]*)"/.exec(tag)?.[1] ?? ""
    }
    for (const [, name = "", options = ""] of inner.matchAll(/<select name="([^"]*)"[^>]*>(.*?)<\/select>/gs)) {
      const chosen = /<option value="([^"]*)" selected/.exec(options) ?? /<option value="([^"]*)"/.exec(options)
      fields[name] = chosen?.[1] ?? ""
    }
    return fields
  })
}

test("hostile names and subjects are shown, not run", async () => {
  const hostile = `<script>alert("x")</script>'&`
  stand.fakes.stripe.createCustomer({ name: hostile, email: `"><img src=x>@example.com` })
  stand.fakes.resend.accept({
    from: "a@example.com",
    to: ["b@example.com"],
    cc: [],
    bcc: [],
    replyTo: [],
    subject: hostile,
    html: "<script>alert(1)</script><p>Hello</p>",
    text: "</pre><script>",
    headers: { "X-A": "<b>" },
    tags: [],
  })
  const markup = await page()
  expect(markup).not.toContain("<script>alert")
  expect(markup).not.toContain("<img src=x>")
  expect(markup).not.toContain("</pre><script>")
  expect(markup).toContain("&lt;script&gt;alert(")
  const [mail] = stand.fakes.resend.mails
  const shown = await fetch(`${stand.fakes.url}/mail/${mail?.id}`)
  expect(shown.headers.get("content-security-policy")).toContain("sandbox")
  expect(markup).toContain('sandbox=""')
})

test("the page names itself, links to the rest of the system and shows what there is", async () => {
  const customer = stand.fakes.stripe.createCustomer({ name: "Ada", email: "ada@example.com" }).id
  stand.fakes.stripe.subscribe({ customer, price: "price_pro_eur_month" })
  const markup = await page()
  expect(markup).toContain("<title>Ops HQ · vendors&#39; stand-ins</title>")
  expect(markup).toContain('<a href="http://127.0.0.1:8787/">admin</a>')
  for (const text of ["Ada", "Ops Pro", "€29.00 / month", "invoice.paid", "Fail next payment", "+3 days"])
    expect(markup).toContain(text)
  expect(await page("/?q=nobody")).toContain("Nobody of that name.")
})

test("a customer is subscribed, fails, pays and leaves with forms alone", async () => {
  const find = async (wanted: Record<string, string>) => {
    const found = forms(await page()).find((form) =>
      Object.entries(wanted).every(([key, value]) => form[key] === value),
    )
    if (!found) throw new Error(`No form with ${JSON.stringify(wanted)}`)
    return found
  }
  const { trialDays: _, ...play } = await find({ action: "subscribe", email: "ada@example.com" })
  expect((await submit({ ...play, name: "Grace" })).status).toBe(303)
  const [subscription] = stand.fakes.stripe.all("subscription")
  const [customer] = stand.fakes.stripe.all("customer")
  expect([customer?.name, subscription?.status]).toEqual(["Grace", "active"])

  await submit(await find({ action: "card", card: "insufficient_funds" }))
  await submit(await find({ action: "renew" }))
  expect(subscription?.status).toBe("past_due")
  await submit(await find({ action: "pay", card: "works" }))
  expect(subscription?.status).toBe("active")
  await submit(await find({ action: "cancelAtPeriodEnd" }))
  expect(subscription?.cancel_at_period_end).toBe(true)
  await submit(await find({ action: "resume" }))
  expect(subscription?.cancel_at_period_end).toBe(false)
  await submit({ ...(await find({ action: "changePlan" })), price: "price_pro_eur_month" })
  expect(subscription?.items.data[0]?.price.id).toBe("price_pro_eur_month")
  await submit(await find({ action: "dispute" }))
  await submit(await find({ action: "closeDispute", outcome: "lost" }))
  expect(stand.fakes.stripe.all("dispute")).toMatchObject([{ status: "lost" }])
  await submit(await find({ action: "cancel" }))
  expect(subscription?.status).toBe("canceled")
  await submit(await find({ action: "advanceClock", hours: "72" }))
  expect(stand.fakes.stripe.now() - Date.now() / 1000).toBeGreaterThan(71 * 3600)
})

describe("the control interface", () => {
  test("does the same for scripts, and answers what came of it", async () => {
    const made = await act({ action: "subscribe", email: "a@example.com", price: "price_pro_eur_month", trialDays: 7 })
    expect(made).toMatchObject({
      status: 200,
      body: { ok: true, result: { object: "subscription", status: "trialing" } },
    })
    const state = await (await fetch(`${stand.fakes.url}/_/state`)).json()
    expect(state).toMatchObject({ customers: [{ email: "a@example.com" }], accepted: 0 })
  })

  test("refuses what it does not know, saying why", async () => {
    expect(await act({ action: "explode" })).toMatchObject({ status: 400 })
    expect(await act({ action: "renew", subscription: "sub_none" })).toEqual({
      status: 400,
      body: { error: "No such subscription: 'sub_none'" },
    })
  })

  test("sets faults, also from the form, and clears them", async () => {
    await act({ action: "faults", vendor: "stripe", serverError: { probability: 0.5, count: 3 }, webhooksOff: true })
    expect(stand.fakes.faults.stripe.rules.get("serverError")).toEqual({ probability: 0.5, count: 3 })
    expect(stand.fakes.faults.stripe.webhooksOff).toBe(true)
    const form = forms(await page()).find((each) => each.action === "faults" && each.vendor === "resend") ?? {}
    await submit({ ...form, "latency.probability": "1", "latency.milliseconds": "50" })
    expect(Object.fromEntries(stand.fakes.faults.resend.rules)).toEqual({
      latency: { probability: 1, milliseconds: 50 },
    })
    await act({ action: "clearFaults" })
    expect(stand.fakes.faults.stripe.rules.size + stand.fakes.faults.resend.rules.size).toBe(0)
  })

  test("lets a mail be opened and a webhook be sent again", async () => {
    const id = stand.fakes.resend.accept({
      from: "a@example.com",
      to: ["b@example.com"],
      cc: [],
      bcc: [],
      replyTo: [],
      subject: "Hello",
      html: "",
      text: "Hello",
      headers: {},
      tags: [],
    })
    await act({ action: "mail", id, event: "opened" })
    await stand.fakes.settled()
    const opened = stand.fakes.resend.deliveries.find(({ type }) => type === "email.opened")
    await act({ action: "resendWebhook", id: opened?.id })
    await stand.fakes.settled()
    expect(receiver.types()).toEqual(["email.sent", "email.delivered", "email.opened", "email.opened"])
    const payload = await (await fetch(`${stand.fakes.url}/webhook/${opened?.id}`)).json()
    expect(payload).toMatchObject({ type: "email.opened" })
  })
})

test("a hosted invoice is paid on its page", async () => {
  const customer = stand.fakes.stripe.createCustomer({ email: "a@example.com" }).id
  const { id } = stand.fakes.stripe.subscribe({ customer, price: "price_pro_eur_month" })
  const invoice = stand.fakes.stripe.failPayment(id)
  expect(invoice.hosted_invoice_url).toBe(`${stand.fakes.url}/pay/${invoice.id}`)
  const [form] = forms(await page(`/pay/${invoice.id}`))
  await submit(form ?? {})
  expect(invoice.status).toBe("paid")
})
