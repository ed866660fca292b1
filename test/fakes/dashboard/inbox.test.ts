import { expect, test } from "vitest"
import { useFakes } from "../support/useFakes.ts"
import { webhookReceiver } from "../support/webhookReceiver.ts"

const receiver = webhookReceiver()
const stand = useFakes({ deliver: receiver.deliver, resend: { requestsPerSecond: 0 } })
const page = async () => (await fetch(`${stand.fakes.url}/`)).text()
const submit = (fields: Record<string, string>) =>
  fetch(`${stand.fakes.url}/_/act`, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" })

test("a person writes to support without script, and what they wrote is shown, not run", async () => {
  const hostile = `<script>alert("x")</script>`
  const answer = await submit({
    action: "receiveMail",
    from: "Ada <ada@example.com>",
    to: "support@example.com",
    subject: hostile,
    text: `</pre>${hostile}`,
    headers: "Auto-Submitted: auto-replied\nX-Other: yes",
    fileName: "log.txt",
    fileText: "error",
  })
  expect(answer.status).toBe(303)
  const [mail] = stand.fakes.mailbox.inbox.mails
  expect(mail).toMatchObject({
    from: "Ada <ada@example.com>",
    headers: { "auto-submitted": "auto-replied", "x-other": "yes" },
    files: [{ filename: "log.txt" }],
  })
  const markup = await page()
  expect(markup).not.toContain("<script>alert")
  expect(markup).toContain("&lt;script&gt;alert(")
  await submit({ action: "announceMail", id: mail?.id ?? "" })
  await stand.fakes.settled()
  expect(receiver.types()).toEqual(["email.received", "email.received"])
})

test("an answer to a mail of ours has the headers of its thread and repeats what it answers", async () => {
  const id = stand.fakes.mailbox.accept({
    from: "Support <support@example.com>",
    to: ["ada@example.com"],
    cc: [],
    bcc: [],
    replyTo: ["support+7@example.com"],
    subject: "Re: Help [#7]",
    html: "<p>Hello</p>",
    text: "Hello\nAda",
    headers: { References: "<a@example.com> <b@example.com>" },
    tags: [],
  })
  expect(await page()).toContain(`value="${id}"`)
  await submit({ action: "receiveMail", from: "ada@example.com", answers: id, text: "Thanks" })
  const sent = stand.fakes.mailbox.get(id)
  const [mail] = stand.fakes.mailbox.inbox.mails
  expect(mail).toMatchObject({
    to: ["support+7@example.com"],
    subject: "Re: Help [#7]",
    headers: { "in-reply-to": sent?.messageId, references: `<a@example.com> <b@example.com> ${sent?.messageId}` },
  })
  expect(mail?.text).toMatch(/^Thanks\n\nOn .* wrote:\n\n> Hello\n> Ada$/)
})
