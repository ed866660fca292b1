import { randomUUID } from "node:crypto"
import { Webhook } from "standardwebhooks"
import type { Faults } from "../faults/faults.ts"
import type { Deliver } from "../stripe/eventLog.ts"

export interface Mail {
  id: string
  from: string
  to: string[]
  subject: string
  html: string
  text: string
  headers: Record<string, string>
  tags: { name: string; value: string }[]
  createdAt: string
  lastEvent: string
}

export interface ResendDelivery {
  id: string
  type: string
  emailId: string
  status: "pending" | "delivered" | "failed" | "withheld"
  attempts: number
  lastAnswer: string
  body: string
}

/** What Resend has accepted, and the signed webhooks it sends about it. */
export class Mailbox {
  readonly mails: Mail[] = []
  readonly deliveries: ResendDelivery[] = []
  /** Accepted in all, also those no longer kept. */
  accepted = 0
  private readonly options: { deliver: Deliver | null; webhookSecret: string; keepMails: number; faults: Faults }
  private readonly underway = new Set<Promise<void>>()
  private held: string[] = []

  constructor(options: { deliver: Deliver | null; webhookSecret: string; keepMails: number; faults: Faults }) {
    this.options = options
  }

  accept(mail: Omit<Mail, "id" | "createdAt" | "lastEvent">): string {
    const id = randomUUID()
    this.accepted++
    if (this.options.keepMails === 0) return id
    const kept: Mail = { ...mail, id, createdAt: new Date().toISOString(), lastEvent: "sent" }
    this.mails.push(kept)
    if (this.mails.length > this.options.keepMails) this.mails.shift()
    this.emit(kept, "email.sent")
    const local = kept.to[0]?.split("@")[0] ?? ""
    if (local.startsWith("bounce")) this.emit(kept, "email.bounced", permanentBounce)
    else {
      this.emit(kept, "email.delivered")
      if (local.startsWith("complain")) this.emit(kept, "email.complained")
    }
    return id
  }

  /** What a recipient, or their mail server, does. */
  happen(id: string, type: "delivered" | "delivery_delayed" | "opened" | "clicked" | "bounced" | "complained"): void {
    const mail = this.mails.find((each) => each.id === id)
    if (!mail) return
    const extra: Record<string, unknown> =
      type === "bounced"
        ? permanentBounce
        : type === "clicked"
          ? {
              click: {
                ipAddress: "192.0.2.1",
                link: "https://www.example.com/account",
                timestamp: new Date().toISOString(),
                userAgent: "fake",
              },
            }
          : {}
    this.emit(mail, `email.${type}`, extra)
  }

  resend(deliveryId: string): void {
    this.start(deliveryId)
  }

  async settled(): Promise<void> {
    this.flush()
    while (this.underway.size > 0) await Promise.all(this.underway)
  }

  reset(): void {
    this.mails.length = 0
    this.deliveries.length = 0
    this.accepted = 0
  }

  private emit(mail: Mail, type: string, extra: Record<string, unknown> = {}): void {
    mail.lastEvent = type.replace("email.", "")
    const data = {
      email_id: mail.id,
      created_at: mail.createdAt,
      from: mail.from,
      to: mail.to,
      subject: mail.subject,
      headers: Object.entries(mail.headers).map(([name, value]) => ({ name, value })),
      tags: Object.fromEntries(mail.tags.map(({ name, value }) => [name, value])),
      ...extra,
    }
    const body = JSON.stringify({ type, created_at: new Date().toISOString(), data })
    const delivery: ResendDelivery = {
      id: `msg_${randomUUID().replaceAll("-", "")}`,
      type,
      emailId: mail.id,
      status: "pending",
      attempts: 0,
      lastAnswer: "",
      body,
    }
    this.deliveries.push(delivery)
    const { faults, deliver } = this.options
    if (!deliver || faults.webhooks.off) {
      delivery.status = "withheld"
      return
    }
    if (faults.webhooks.reorder === 0) {
      this.start(delivery.id)
      return
    }
    this.held.push(delivery.id)
    if (this.held.length >= faults.webhooks.reorder) this.flush()
  }

  private flush(): void {
    const held = this.options.faults.shuffle(this.held)
    this.held = []
    for (const id of held) this.start(id)
  }

  private start(id: string): void {
    const copies = this.options.faults.happens(this.options.faults.webhooks.duplicate) ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      const work: Promise<void> = this.deliver(id).finally(() => this.underway.delete(work))
      this.underway.add(work)
    }
  }

  private async deliver(id: string): Promise<void> {
    const delivery = this.deliveries.find((each) => each.id === id)
    const { deliver, webhookSecret } = this.options
    if (!delivery || !deliver) return
    for (let attempt = 0; attempt < 6; attempt++) {
      delivery.attempts++
      try {
        const response = await deliver({
          method: "POST",
          headers: { "content-type": "application/json", ...signSvix(delivery.body, delivery.id, webhookSecret) },
          body: delivery.body,
        })
        delivery.lastAnswer = `${response.status} ${(await response.text()).slice(0, 200)}`
        if (response.ok) {
          delivery.status = "delivered"
          return
        }
      } catch (error) {
        delivery.lastAnswer = String(error)
      }
      await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** attempt))
    }
    delivery.status = "failed"
  }
}

const permanentBounce = {
  bounce: { message: "The recipient's mail server does not know the address.", type: "Permanent", subType: "NoEmail" },
}

export function signSvix(body: string, id: string, secret: string, at = new Date()): Record<string, string> {
  return {
    "svix-id": id,
    "svix-timestamp": String(Math.floor(at.getTime() / 1000)),
    "svix-signature": new Webhook(secret).sign(id, at, body),
  }
}
