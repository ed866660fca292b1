import { sql } from "drizzle-orm"
import { afterEach, expect, test } from "vitest"
import { localSecrets } from "../../scripts/local/localEnv.ts"
import { signSvix } from "../fakes/resend/mailbox.ts"
import { signStripe } from "../fakes/stripe/eventLog.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useWorkers } from "../support/useWorkers.ts"

const database = useDatabase()
const previous = "whsec_the_one_before"
const workers = useWorkers(database, ["webhooks"], { vars: { STRIPE_WEBHOOK_SECRET_PREVIOUS: previous } })
const { db } = database
const secret = localSecrets.STRIPE_WEBHOOK_SECRET

let serial = 0
const event = (change: object = {}) => ({
  id: `evt_test_${serial++}`,
  object: "event",
  type: "some.type.nobody.knows",
  created: 1_760_000_000,
  livemode: false,
  api_version: "2026-10-28.endive",
  data: { object: { id: "obj_1", object: "thing" } },
  ...change,
})

function post(body: string, headers: Record<string, string> = { "stripe-signature": signStripe(body, secret) }) {
  return workers.fetch("webhooks", "/stripe", { method: "POST", headers, body })
}

const stored = async () =>
  (
    await db.execute<{ id: string; status: string; reason: string | null }>(
      sql`select id, status, reason from stripe_events order by received_at`,
    )
  ).rows

afterEach(async () => {
  await db.execute(sql`truncate stripe_events, resend_events`)
})

const now = () => Math.floor(Date.now() / 1000)

test("health names the Worker, its release and whether the database answers", async () => {
  const response = await workers.fetch("webhooks", "/health")
  expect(await response.json()).toEqual({
    ok: true,
    worker: "webhooks",
    release: "local",
    stage: "local",
    database: "answers",
  })
})

test("a signed event is stored and acknowledged, also of a type nobody knows", async () => {
  const response = await post(JSON.stringify(event()))
  expect([response.status, await response.json()]).toEqual([200, { received: true, outcome: "stored" }])
  expect(await stored()).toHaveLength(1)
})

test("the same event again is acknowledged and changes nothing", async () => {
  const body = JSON.stringify(event())
  await post(body)
  const again = await post(body)
  expect([again.status, await again.json()]).toEqual([200, { received: true, outcome: "duplicate" }])
  expect(await stored()).toHaveLength(1)
})

test("while a secret is rolled, the previous one still signs", async () => {
  const body = JSON.stringify(event())
  const response = await post(body, { "stripe-signature": signStripe(body, previous) })
  expect(response.status).toBe(200)
})

test.each([
  ["no signature", (): Record<string, string> => ({})],
  ["an empty signature", () => ({ "stripe-signature": "" })],
  ["another secret", (body: string) => ({ "stripe-signature": signStripe(body, "whsec_wrong") })],
  ["a stamp that is too old", (body: string) => ({ "stripe-signature": signStripe(body, secret, now() - 301) })],
  ["a stamp in the future", (body: string) => ({ "stripe-signature": signStripe(body, secret, now() + 310) })],
  ["a signature of other content", () => ({ "stripe-signature": signStripe("{}", secret) })],
  ["nonsense", () => ({ "stripe-signature": "t=x,v1=%%%,v0=1,,=" })],
  [
    "a stamp that is no number",
    (body: string) => ({ "stripe-signature": signStripe(body, secret).replace(/t=\d+/, "t=NaN") }),
  ],
])("%s is refused with 400 and nothing is stored", async (_name, headers) => {
  const body = JSON.stringify(event())
  const response = await post(body, headers(body))
  expect(response.status).toBe(400)
  expect(await stored()).toEqual([])
})

test("any change of the raw body breaks the signature, white space included", async () => {
  const body = JSON.stringify(event())
  expect((await post(`${body} `, { "stripe-signature": signStripe(body, secret) })).status).toBe(400)
})

test.each([
  ["malformed JSON", '{"id": '],
  ["an array", "[]"],
  ["null", "null"],
  ["a number", "1"],
  ["no id", JSON.stringify(event({ id: undefined }))],
  ["an id with control characters", JSON.stringify(event({ id: "evt_\u0000" }))],
  ["a created that is text", JSON.stringify(event({ created: "yesterday" }))],
  ["a created beyond time", JSON.stringify(event({ created: 1e300 }))],
  ["no data", JSON.stringify(event({ data: undefined }))],
  ["an object that is a list", JSON.stringify(event({ data: { object: [] } }))],
  ["an endless nesting", `${"[".repeat(50_000)}`],
])("%s, signed, is refused with 400", async (_name, body) => {
  const response = await post(body)
  expect(response.status).toBe(400)
  expect(await stored()).toEqual([])
})

test("a body beyond the cap is refused with 413, whether its length is told or not", async () => {
  const body = JSON.stringify(event({ padding: "x".repeat(1024 * 1024) }))
  expect((await post(body)).status).toBe(413)
  expect(await stored()).toEqual([])
})

test("hostile text in a payload is stored as it came", async () => {
  const body = JSON.stringify(event({ data: { object: { id: "x".repeat(5000), name: "\u0000\ud800<script>" } } }))
  expect((await post(body)).status).toBe(200)
  const kept = await db.execute<{ payload: string; object_id: string | null }>(
    sql`select payload, object_id from stripe_events`,
  )
  expect(kept.rows[0]).toEqual({ payload: body, object_id: null })
})

test("a live event on a test stage is kept as refused, with its reason, and has no effect", async () => {
  const response = await post(JSON.stringify(event({ livemode: true })))
  expect([response.status, await response.json()]).toMatchObject([200, { outcome: "refused" }])
  expect(await stored()).toMatchObject([{ status: "ignored", reason: "A live event on a test stage." }])
})

test("an event of a connected account is kept, refused, and says which setting would accept it", async () => {
  const response = await post(JSON.stringify(event({ account: "acct_other" })))
  expect([response.status, await response.json()]).toMatchObject([200, { outcome: "refused" }])
  expect(await stored()).toMatchObject([{ status: "ignored", reason: expect.stringContaining("STRIPE_ACCOUNT_ID") }])
})

test("a thin event is kept as refused: it carries no object", async () => {
  const body = JSON.stringify({
    id: "evt_thin",
    object: "v2.core.event",
    type: "v1.customer.created",
    created: "2026-11-20T00:00:00.000Z",
    livemode: false,
  })
  const response = await post(body)
  expect(response.status).toBe(200)
  expect(await stored()).toMatchObject([{ id: "evt_thin", status: "ignored" }])
})

test("an address that is not there is 404, with the way to the right one", async () => {
  expect((await workers.fetch("webhooks", "/nothing", { method: "POST" })).status).toBe(404)
  expect((await workers.fetch("webhooks", "/stripe")).status).toBe(404)
})

const resendBody = JSON.stringify({
  type: "email.delivered",
  created_at: new Date().toISOString(),
  data: { email_id: "e1", to: ["a@example.com"] },
})
const postResend = (body: string, headers: Record<string, string>) =>
  workers.fetch("webhooks", "/resend", { method: "POST", headers, body })

test("a signed event of Resend is stored under its svix-id, once", async () => {
  const headers = signSvix(resendBody, "msg_1", localSecrets.RESEND_WEBHOOK_SECRET)
  expect(await (await postResend(resendBody, headers)).json()).toEqual({ received: true, outcome: "stored" })
  expect(await (await postResend(resendBody, headers)).json()).toEqual({ received: true, outcome: "duplicate" })
})

test.each([
  ["no headers", (): Record<string, string> => ({})],
  ["another secret", () => signSvix(resendBody, "msg_2", "whsec_b3RoZXI=")],
  [
    "an old stamp",
    () => signSvix(resendBody, "msg_2", localSecrets.RESEND_WEBHOOK_SECRET, new Date(Date.now() - 6 * 60_000)),
  ],
  [
    "a stamp in the future",
    () => signSvix(resendBody, "msg_2", localSecrets.RESEND_WEBHOOK_SECRET, new Date(Date.now() + 6 * 60_000)),
  ],
  [
    "another id than the signed one",
    () => ({ ...signSvix(resendBody, "msg_2", localSecrets.RESEND_WEBHOOK_SECRET), "svix-id": "msg_3" }),
  ],
  ["nonsense", () => ({ "svix-id": "x", "svix-timestamp": "now", "svix-signature": "v1,%%%" })],
])("an event of Resend with %s is refused with 400", async (_name, headers) => {
  expect((await postResend(resendBody, headers())).status).toBe(400)
})

test.each([
  ["malformed JSON", "{"],
  ["no type", '{"data":{}}'],
  ["a created_at that is no time", '{"type":"email.sent","created_at":"x","data":{}}'],
])("an event of Resend with %s, signed, is refused with 400", async (_name, body) => {
  expect((await postResend(body, signSvix(body, "msg_4", localSecrets.RESEND_WEBHOOK_SECRET))).status).toBe(400)
})
