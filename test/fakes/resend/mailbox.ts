import { randomUUID } from "node:crypto"
import type { Faults } from "../faults/faults.ts"
import type { Deliver } from "../webhooks/deliver.ts"
import { type Delivery, WebhookSender } from "../webhooks/webhookSender.ts"
import { Inbox, type ReceivedMail } from "./inbox.ts"
import { mailEvent } from "./mailEvents.ts"
import { bareAddress, type Message } from "./readEmail.ts"
import { type MailOutcome, recipientBehaviour } from "./recipientBehaviour.ts"
import { signSvix } from "./signSvix.ts"

export { signSvix } from "./signSvix.ts"

export interface Mail extends Message {
  id: string
  createdAt: string
  lastEvent: string
  /** How often each event has happened to it. */
  events: Record<string, number>
  idempotencyKey: string | null
  /** Under which it travels, whatever Message-ID it was sent with. */
  messageId: string
}

export interface RequestLine {
  at: string
  method: string
  path: string
  status: number
  idempotencyKey: string | null
  userAgent: string
}

export interface MailboxOptions {
  deliver: Deliver | null
  webhookSecret: string
  /** How many mails are kept to be looked at; 0 only counts them, and sends no webhooks about them. */
  keepMails: number
  faults: Faults
  retryAfter?: number[] | undefined
  /** How webhooks tell tags; Resend's own documents disagree. */
  tagsAs?: "map" | "array" | undefined
  /** The tag by which accepted mails are counted. */
  countTag?: string | undefined
  now?: (() => Date) | undefined
  /** Where the stand-ins answer. */
  address?: (() => string) | undefined
}

/** What Resend has accepted, what became of it, and the signed webhooks about it. */
export class Mailbox {
  readonly mails: Mail[] = []
  /** The last thousand. */
  readonly requests: RequestLine[] = []
  /** In all, also those no longer kept. */
  accepted = 0
  /** Requests answered from their Idempotency-Key without sending again. */
  replayed = 0
  /** Accepted mails by the value of the counting tag (`outbox_id`). */
  readonly acceptedByTag = new Map<string, number>()
  /** Addresses that are sent nothing more, and why. */
  readonly suppressed = new Map<string, "previous_bounce" | "previous_complaint">()
  readonly webhooks: WebhookSender
  /** What people write to us. */
  readonly inbox: Inbox
  private readonly byId = new Map<string, Mail>()
  private readonly options: MailboxOptions
  private readonly now: () => Date

  constructor(options: MailboxOptions) {
    this.options = options
    this.now = options.now ?? (() => new Date())
    this.webhooks = new WebhookSender({
      deliver: options.deliver,
      sign: (body, id) => signSvix(body, id, options.webhookSecret),
      faults: options.faults,
      retryAfter: options.retryAfter,
    })
    this.inbox = new Inbox({ webhooks: this.webhooks, now: this.now, address: options.address ?? (() => "") })
  }

  accept(message: Message, idempotencyKey: string | null = null): string {
    const id = randomUUID()
    this.accepted++
    const counted = message.tags.find(({ name }) => name === (this.options.countTag ?? "outbox_id"))?.value
    if (counted !== undefined) this.acceptedByTag.set(counted, (this.acceptedByTag.get(counted) ?? 0) + 1)
    if (this.options.keepMails === 0) return id
    const mail = {
      ...message,
      id,
      createdAt: this.now().toISOString(),
      lastEvent: "queued",
      events: {},
      idempotencyKey,
      messageId: `<${id}-000000@eu-west-1.amazonses.com>`,
    }
    this.keep(mail)
    this.dispatch(mail)
    return id
  }

  /** Values of the counting tag that were accepted more than once. */
  get doubles(): string[] {
    return [...this.acceptedByTag].filter(([, count]) => count > 1).map(([value]) => value)
  }

  get(id: string): Mail | undefined {
    return this.byId.get(id)
  }

  /** What a recipient, or their mail server, does. */
  happen(id: string, outcome: MailOutcome, options: { link?: string | undefined } = {}): void {
    const mail = this.byId.get(id)
    if (mail) this.tell(mail, outcome, options.link)
  }

  resend(deliveryId: string): void {
    this.webhooks.resend(deliveryId)
  }

  get deliveries(): Delivery[] {
    return [...this.webhooks.deliveries.values()]
  }

  settled(): Promise<void> {
    return this.webhooks.settled()
  }

  reset(): void {
    this.mails.length = 0
    this.inbox.mails.length = 0
    this.requests.length = 0
    this.byId.clear()
    this.accepted = 0
    this.replayed = 0
    this.acceptedByTag.clear()
    this.suppressed.clear()
    this.webhooks.clear()
  }

  note(request: RequestLine): void {
    this.requests.push(request)
    if (this.requests.length > 1000) this.requests.shift()
  }

  save(): {
    mails: Mail[]
    received: ReceivedMail[]
    accepted: number
    suppressed: [string, "previous_bounce" | "previous_complaint"][]
  } {
    return {
      mails: this.mails.slice(-500).map((mail) => ({ ...mail, attachments: [] })),
      received: this.inbox.mails.slice(-200),
      accepted: this.accepted,
      suppressed: [...this.suppressed],
    }
  }

  restore(state: ReturnType<Mailbox["save"]>): void {
    for (const mail of state.mails) this.keep(mail)
    this.inbox.mails.push(...(state.received ?? []))
    for (const [address, reason] of state.suppressed) this.suppressed.set(address, reason)
    this.accepted = state.accepted
  }

  private keep(mail: Mail): void {
    this.mails.push(mail)
    this.byId.set(mail.id, mail)
    const oldest = this.mails.length > this.options.keepMails ? this.mails.shift() : undefined
    if (oldest) this.byId.delete(oldest.id)
  }

  private dispatch(mail: Mail): void {
    const [recipient = ""] = mail.to
    if (this.suppressed.has(bareAddress(recipient))) {
      this.tell(mail, "suppressed")
      return
    }
    this.tell(mail, "sent")
    const outcome = recipientBehaviour(recipient)
    // To complain, open or click, the recipient must have got it.
    if (outcome === "complained" || outcome === "opened" || outcome === "clicked") this.tell(mail, "delivered")
    if (outcome === "clicked") this.tell(mail, "opened")
    this.tell(mail, outcome)
  }

  private tell(mail: Mail, outcome: MailOutcome | "sent", link = firstLink(mail.html)): void {
    const at = this.now().toISOString()
    const address = bareAddress(mail.to[0] ?? "")
    const { type, extra } = mailEvent(outcome, { at, link, reason: this.suppressed.get(address) ?? "previous_bounce" })
    if (outcome === "bounced") this.suppressed.set(address, "previous_bounce")
    if (outcome === "complained") this.suppressed.set(address, "previous_complaint")
    mail.lastEvent = type.slice("email.".length)
    mail.events[mail.lastEvent] = (mail.events[mail.lastEvent] ?? 0) + 1
    const headers = Object.entries(mail.headers).map(([name, value]) => ({ name, value }))
    const data = {
      email_id: mail.id,
      created_at: mail.createdAt,
      message_id: mail.messageId,
      from: mail.from,
      to: mail.to,
      subject: mail.subject,
      ...(headers.length > 0 && { headers }),
      ...(mail.tags.length > 0 && { tags: this.tagsOf(mail) }),
      ...extra,
    }
    const id = `msg_${randomUUID().replaceAll("-", "")}`
    this.webhooks.send({ id, type, subject: mail.id, body: JSON.stringify({ type, created_at: at, data }) })
  }

  private tagsOf(mail: Mail) {
    if (this.options.tagsAs === "array") return mail.tags
    return Object.fromEntries(mail.tags.map(({ name, value }) => [name, value]))
  }
}

const firstLink = (markup: string): string =>
  /href="(https?:[^"]+)"/.exec(markup)?.[1]?.replaceAll("&amp;", "&") ?? "https://www.example.com/"
