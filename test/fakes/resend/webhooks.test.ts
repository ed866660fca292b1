import { Resend } from "resend"
import { Webhook } from "standardwebhooks"
import { beforeEach, describe, expect, test } from "vitest"
import { z } from "zod"
import { useFakes } from "../support/useFakes.ts"
import { webhookReceiver } from "../support/webhookReceiver.ts"

let status = 200
const receiver = webhookReceiver(() => status)
const secret = "whsec_c3RhbmQtaW4tc2VjcmV0"
const stand = useFakes({ deliver: receiver.deliver, resend: { requestsPerSecond: 0, webhookSecret: secret } })
beforeEach(() => {
  status = 200
  receiver.received.length = 0
})

async function send(to: string): Promise<string> {
  const client = new Resend("re_fake", { baseUrl: `${stand.fakes.url}/resend` })
  const answer = await client.emails.send({
    from: "Example <hello@example.com>",
    to,
    subject: "Hello",
    html: '<a href="https://www.example.com/?a=1&amp;b=2">Go</a>',
    tags: [{ name: "outbox_id", value: "o-1" }],
    headers: { "X-Entity-Ref-ID": "7" },
  })
  await stand.fakes.settled()
  return answer.data?.id ?? ""
}
const payloads = () => receiver.received.map(({ body }) => JSON.parse(body))

test("a webhook is signed, carries the tags as a map and keeps its id on a retry", async () => {
  status = 500
  const id = await send("ada@example.com")
  const sent = receiver.received.filter(({ type }) => type === "email.sent")
  expect(sent).toHaveLength(3)
  expect(new Set(sent.map(({ headers }) => headers["svix-id"])).size).toBe(1)
  const { headers = {}, body = "" } = sent[0] ?? {}
  const signed = {
    "webhook-id": headers["svix-id"] ?? "",
    "webhook-timestamp": headers["svix-timestamp"] ?? "",
    "webhook-signature": headers["svix-signature"] ?? "",
  }
  expect(new Webhook(secret).verify(body, signed)).toMatchObject({
    type: "email.sent",
    data: { email_id: id, to: ["ada@example.com"], tags: { outbox_id: "o-1" }, headers: [{ name: "X-Entity-Ref-ID" }] },
  })
  expect(() => new Webhook(secret).verify(`${body} `, signed)).toThrow()
})

describe("who a mail goes to decides what becomes of it", () => {
  test.each<[string, string[], object]>([
    ["ada@example.com", ["email.sent", "email.delivered"], {}],
    ["delivered+x@resend.dev", ["email.sent", "email.delivered"], {}],
    ["bounced@resend.dev", ["email.sent", "email.bounced"], { bounce: { type: "Permanent" } }],
    [
      "Bo <bounce+bo@example.com>",
      ["email.sent", "email.bounced"],
      { bounce: { type: "Permanent", subType: "NoEmail" } },
    ],
    [
      "softbounce@example.com",
      ["email.sent", "email.bounced"],
      { bounce: { type: "Transient", subType: "MailboxFull" } },
    ],
    ["complained+y@resend.dev", ["email.sent", "email.delivered", "email.complained"], {}],
    ["delay@example.com", ["email.sent", "email.delivery_delayed"], {}],
    ["fail@example.com", ["email.sent", "email.failed"], { failed: { reason: "reached_daily_quota" } }],
    [
      "click@example.com",
      ["email.sent", "email.delivered", "email.opened", "email.clicked"],
      { click: { link: "https://www.example.com/?a=1&b=2" } },
    ],
    ["bouncer@example.com", ["email.sent", "email.delivered"], {}],
  ])("%s", async (to, types, extra) => {
    const id = await send(to)
    expect(receiver.types()).toEqual(types)
    expect(payloads().at(-1)).toMatchObject({ data: { email_id: id, ...extra } })
    expect(stand.fakes.resend.get(id)?.lastEvent).toBe(types.at(-1)?.replace("email.", ""))
  })
})

test("an address that bounced or complained is suppressed from then on, until it is forgotten", async () => {
  const id = await send("ada@example.com")
  stand.fakes.resend.happen(id, "complained")
  await send("Ada <ADA@example.com>")
  expect(receiver.types()).toEqual(["email.sent", "email.delivered", "email.complained", "email.suppressed"])
  expect(payloads().at(-1).data.suppressed).toMatchObject({ reason: "previous_complaint" })
  stand.fakes.resend.suppressed.clear()
  await send("ada@example.com")
  expect(receiver.types().slice(-2)).toEqual(["email.sent", "email.delivered"])
})

test("a soft bounce suppresses nothing", async () => {
  await send("softbounce@example.com")
  expect(stand.fakes.resend.suppressed.size).toBe(0)
})

test("a mail that somebody writes is told of without its text, handed out whole, and its file for an hour", async () => {
  const { inbox } = stand.fakes.mailbox
  const mail = inbox.receive({
    from: "Ada <ada@example.com>",
    subject: "Help",
    text: "It is down.",
    files: [{ filename: "log.txt", contentType: "text/plain", content: "error" }],
  })
  await stand.fakes.settled()
  expect(receiver.types()).toEqual(["email.received"])
  expect(payloads()[0].data).toMatchObject({ email_id: mail.id, from: "Ada <ada@example.com>", subject: "Help" })
  expect(JSON.stringify(payloads()[0])).not.toContain("It is down.")
  const ask = async (path: string) =>
    (
      await fetch(`${stand.fakes.url}/resend/emails/receiving/${path}`, {
        headers: { authorization: "Bearer re_fake", "user-agent": "test" },
      })
    ).json()
  expect(await ask(mail.id)).toMatchObject({
    text: "It is down.",
    message_id: mail.messageId,
    attachments: [{ size: 5 }],
  })
  const file = z
    .looseObject({ download_url: z.string() })
    .parse(await ask(`${mail.id}/attachments/${mail.files[0]?.id}`))
  expect(await (await fetch(file.download_url)).text()).toBe("error")
  const expired = file.download_url.replace(/expires=\d+/, "expires=1")
  expect((await fetch(expired)).status).toBe(403)
  expect(await ask("4ef9a417-02e9-4d39-ad75-9611e0fcc33c")).toMatchObject({ name: "not_found" })
})
