import { readFileSync } from "node:fs"
import path from "node:path"
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"
import addFormats from "ajv-formats"
import { beforeAll, expect, test } from "vitest"
import { parse } from "yaml"
import { z } from "zod"
import { describeWithSharedMaterial } from "../../support/sharedMaterial.ts"
import { useFakes } from "../support/useFakes.ts"
import { webhookReceiver } from "../support/webhookReceiver.ts"

const file = path.join(import.meta.dirname, "../../../../shared/specs/resend-openapi.yaml")
const outcomes = [
  "delivered",
  "delivery_delayed",
  "bounced",
  "bounced_softly",
  "complained",
  "failed",
  "suppressed",
  "opened",
  "clicked",
] as const

describeWithSharedMaterial("against Resend's OpenAPI document (needs ../shared)", () => {
  const receiver = webhookReceiver()
  const stand = useFakes({ deliver: receiver.deliver, resend: { requestsPerSecond: 0 } })
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  let document: { components: { schemas: Record<string, unknown> } } = { components: { schemas: {} } }
  beforeAll(() => {
    document = z
      .looseObject({ components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }) })
      .parse(parse(readFileSync(file, "utf8")))
    ajv.addSchema({ $id: "resend", ...document })
  })
  const schema = (name: string): ValidateFunction => {
    expect(document.components.schemas).toHaveProperty(name)
    return ajv.compile({ $ref: `resend#/components/schemas/${name}` })
  }
  const problems = (name: string, value: unknown) => {
    const validate = schema(name)
    return validate(value) ? [] : validate.errors
  }
  const fields = (name: string): string[] =>
    Object.keys(
      z.looseObject({ properties: z.record(z.string(), z.unknown()) }).parse(document.components.schemas[name])
        .properties,
    )

  const message = {
    from: "Example <hello@example.com>",
    to: ["ada@example.com"],
    subject: "Hello",
    html: "<p>Hello</p>",
    tags: [{ name: "outbox_id", value: "o-1" }],
    headers: { "X-Entity-Ref-ID": "7" },
  }
  const call = async (address: string, body?: unknown) => {
    const answer = await fetch(`${stand.fakes.url}/resend${address}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: "Bearer re_fake", "user-agent": "test" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return z.looseObject({}).parse(await answer.json())
  }

  test("requests that the document allows are taken, and the answers are as it says", async () => {
    expect(problems("SendEmailRequest", message)).toEqual([])
    const sent = await call("/emails", message)
    expect(problems("SendEmailResponse", sent)).toEqual([])
    expect(Object.keys(sent)).toEqual(fields("SendEmailResponse"))
    const batch = await call("/emails/batch", [message, { ...message, to: "grace@example.com" }])
    expect(problems("CreateBatchEmailsResponse", batch)).toEqual([])
    expect(Object.keys(batch)).toEqual(fields("CreateBatchEmailsResponse"))
    const email = await call(`/emails/${String(sent.id)}`)
    expect(problems("Email", email)).toEqual([])
    // `tags` is what Resend answers though the document leaves it out.
    expect(Object.keys(email).filter((key) => key !== "tags" && !fields("Email").includes(key))).toEqual([])
    const list = await call("/emails?limit=2")
    expect(problems("ListEmailsResponse", list)).toEqual([])
    expect(Object.keys(list).toSorted()).toEqual(fields("ListEmailsResponse").toSorted())
  })

  test("a request that the document refuses is refused", async () => {
    for (const wrong of [{ to: [] }, { from: undefined }, { subject: undefined }, { tags: "none" }]) {
      const body = JSON.parse(JSON.stringify({ ...message, ...wrong }))
      expect(problems("SendEmailRequest", body)).not.toEqual([])
      expect(await call("/emails", body)).toMatchObject({ statusCode: 422 })
    }
  })

  test("received mails and their attachments are handed out as the document says", async () => {
    const mail = stand.fakes.mailbox.inbox.receive({
      from: "ada@example.com",
      text: "Hello",
      files: [{ filename: "a.txt", content: "a" }],
    })
    await stand.fakes.settled()
    const told = receiver.received.find(({ type }) => type === "email.received")
    expect(problems("EmailReceivedEvent", JSON.parse(told?.body ?? "{}"))).toEqual([])
    const received = await call(`/emails/receiving/${mail.id}`)
    expect(problems("GetReceivedEmailResponse", received)).toEqual([])
    expect(Object.keys(received).toSorted()).toEqual(fields("GetReceivedEmailResponse").toSorted())
    const file = await call(`/emails/receiving/${mail.id}/attachments/${mail.files[0]?.id}`)
    expect(problems("RetrievedAttachment", file)).toEqual([])
    expect(Object.keys(file).toSorted()).toEqual(fields("RetrievedAttachment").toSorted())
    expect(problems("ListReceivedEmailsResponse", await call("/emails/receiving"))).toEqual([])
  })

  test("every webhook is an event of the document", async () => {
    const sent = await call("/emails", message)
    for (const outcome of outcomes) stand.fakes.resend.happen(String(sent.id), outcome)
    stand.fakes.mailbox.inbox.receive({ from: "ada@example.com" })
    await stand.fakes.settled()
    const names = new Set<string>()
    for (const { type, body } of receiver.received) {
      const name = `Email${type
        .replace("email.", "")
        .split("_")
        .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
        .join("")}Event`
      names.add(name)
      expect([name, problems(name, JSON.parse(body))]).toEqual([name, []])
    }
    expect(names.size).toBe(10)
  })
})
