import { randomUUID } from "node:crypto"
import type { WebhookSender } from "../webhooks/webhookSender.ts"

export interface InboxFile {
  id: string
  filename: string | null
  content_type: string
  /** Base64. */
  content: string
}

/** A mail that somebody wrote to an address that Resend receives for. */
export interface ReceivedMail {
  id: string
  createdAt: string
  from: string
  to: string[]
  cc: string[]
  subject: string
  messageId: string
  headers: Record<string, string>
  text: string | null
  html: string | null
  files: InboxFile[]
}

export interface WrittenMail {
  from: string
  to?: string | string[] | undefined
  cc?: string[] | undefined
  subject?: string | undefined
  text?: string | null | undefined
  html?: string | null | undefined
  messageId?: string | undefined
  headers?: Record<string, string> | undefined
  files?: { filename: string | null; contentType?: string; content: string | Uint8Array }[] | undefined
}

/** Download addresses hold this long. */
const linkMilliseconds = 3_600_000

/** Mails received, and the webhooks that tell of them. */
export class Inbox {
  readonly mails: ReceivedMail[] = []
  private readonly options: { webhooks: WebhookSender; now: () => Date; address: () => string }

  constructor(options: { webhooks: WebhookSender; now: () => Date; address: () => string }) {
    this.options = options
  }

  /** Takes a mail in, as a mail server hands it over; without `announce` its webhook is lost. */
  receive(written: WrittenMail, options: { announce?: boolean } = {}): ReceivedMail {
    const id = randomUUID()
    const to = written.to ?? "support@example.com"
    const domain = written.from.replace(/^.*@|>.*$/g, "") || "example.com"
    const messageId = written.messageId ?? `<${randomUUID()}@${domain}>`
    const mail: ReceivedMail = {
      id,
      createdAt: this.options.now().toISOString(),
      from: written.from,
      to: typeof to === "string" ? [to] : to,
      cc: written.cc ?? [],
      subject: written.subject ?? "",
      messageId,
      headers: {
        "return-path": `<bounce@${domain}>`,
        "authentication-results": "amazonses.com; spf=pass; dkim=pass; dmarc=pass",
        ...Object.fromEntries(
          Object.entries(written.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
        ),
      },
      text: written.text === undefined && !written.html ? "" : (written.text ?? null),
      html: written.html ?? null,
      files: (written.files ?? []).map(({ filename, contentType = "application/octet-stream", content }) => ({
        id: randomUUID(),
        filename,
        content_type: contentType,
        content: Buffer.from(content).toString("base64"),
      })),
    }
    this.mails.push(mail)
    if (options.announce !== false) this.announce(id)
    return mail
  }

  /** Tells of a mail, for the first time or again. */
  announce(id: string): void {
    const mail = this.mails.find((each) => each.id === id)
    if (!mail) return
    const data = {
      email_id: mail.id,
      created_at: mail.createdAt,
      from: mail.from,
      to: mail.to,
      cc: mail.cc,
      bcc: [],
      received_for: mail.to,
      message_id: mail.messageId,
      subject: mail.subject,
      attachments: mail.files.map((file) => describe(file)),
    }
    const type = "email.received"
    this.options.webhooks.send({
      id: `msg_${randomUUID().replaceAll("-", "")}`,
      type,
      subject: mail.id,
      body: JSON.stringify({ type, created_at: mail.createdAt, data }),
    })
  }

  show(id: string) {
    const mail = this.mails.find((each) => each.id === id)
    return mail && { ...summary(mail), html: mail.html, text: mail.text, headers: mail.headers }
  }

  list() {
    return { object: "list", has_more: false, data: this.mails.toReversed().map(summary) }
  }

  showFile(mailId: string, fileId: string) {
    const file = this.file(mailId, fileId)
    const expires = this.options.now().getTime() + linkMilliseconds
    return (
      file && {
        object: "attachment",
        ...describe(file),
        size: Buffer.from(file.content, "base64").length,
        download_url: `${this.options.address()}/resend-files/${mailId}/${fileId}?expires=${expires}`,
        expires_at: new Date(expires).toISOString(),
      }
    )
  }

  /** The bytes behind a download address; null once it has expired. */
  download(mailId: string, fileId: string, expires: number): Buffer<ArrayBuffer> | null {
    const file = this.file(mailId, fileId)
    return file && expires > this.options.now().getTime() ? Buffer.from(file.content, "base64") : null
  }

  private file(mailId: string, fileId: string): InboxFile | undefined {
    return this.mails.find((each) => each.id === mailId)?.files.find((each) => each.id === fileId)
  }
}

const describe = ({ id, filename, content_type }: InboxFile) => ({
  id,
  ...(filename !== null && { filename }),
  content_type,
  content_disposition: "attachment",
  content_id: id,
})

const summary = (mail: ReceivedMail) => ({
  object: "email",
  id: mail.id,
  to: mail.to,
  from: mail.from,
  cc: mail.cc,
  bcc: [],
  reply_to: mail.headers["reply-to"] ? [mail.headers["reply-to"]] : [],
  subject: mail.subject,
  message_id: mail.messageId,
  created_at: mail.createdAt,
  attachments: mail.files.map((file) => ({ ...describe(file), size: Buffer.from(file.content, "base64").length })),
})
