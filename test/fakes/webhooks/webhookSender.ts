import type { Faults } from "../faults/faults.ts"
import { pause } from "../http/pause.ts"
import type { Deliver } from "./deliver.ts"

export interface Attempt {
  at: string
  /** Of HTTP; null when there was no answer. */
  status: number | null
  answer: string
  milliseconds: number
}

export interface Delivery {
  id: string
  type: string
  /** The object or mail that it is about. */
  subject: string
  /** Withheld: webhooks were off, or have nowhere to go. */
  status: "pending" | "delivered" | "failed" | "withheld"
  attempts: Attempt[]
  body: string
}

export interface WebhookOptions {
  /** None: webhooks are withheld. */
  deliver?: Deliver | null | undefined
  sign: (body: string, id: string) => Record<string, string>
  faults: Faults
  /** Milliseconds before each retry of an answer other than 2xx. */
  retryAfter?: number[] | undefined
  /** Requests at a time. */
  width?: number | undefined
  onDelivered?: ((id: string) => void) | undefined
}

const keptDeliveries = 20_000

/** Signs and posts webhooks in the order they come, unless a fault says otherwise, and tells what became of each. */
export class WebhookSender {
  /** Where webhooks go from now on. */
  deliverer: Deliver | null
  readonly deliveries = new Map<string, Delivery>()
  private readonly options: WebhookOptions
  private readonly waiting: Delivery[] = []
  private readonly underway = new Set<Promise<void>>()
  private closed = false
  private held: Delivery[] = []
  private busy = 0

  constructor(options: WebhookOptions) {
    this.options = options
    this.deliverer = options.deliver ?? null
  }

  send(webhook: { id: string; type: string; subject: string; body: string }): void {
    const { faults } = this.options
    const delivery: Delivery = { ...webhook, status: "pending", attempts: [] }
    this.deliveries.set(delivery.id, delivery)
    this.forgetOldest()
    if (!this.deliverer || faults.webhooksOff) delivery.status = "withheld"
    else if (faults.reorderWebhooks > 0) {
      this.held.push(delivery)
      if (this.held.length >= faults.reorderWebhooks) this.release()
    } else this.start(delivery)
  }

  /** Delivers again, whatever became of it before. */
  resend(id: string): void {
    const delivery = this.deliveries.get(id)
    if (delivery) this.enqueue(delivery)
  }

  /** Delivers everything that was withheld or has failed, oldest first. */
  resendUndelivered(): number {
    const undelivered = [...this.deliveries.values()].filter(
      ({ status }) => status === "withheld" || status === "failed",
    )
    for (const delivery of undelivered) this.enqueue(delivery)
    return undelivered.length
  }

  /** Delivers what is held back for shuffling. */
  release(): void {
    const held = this.options.faults.shuffle(this.held)
    this.held = []
    for (const delivery of held) this.start(delivery)
  }

  get idle(): boolean {
    return this.waiting.length === 0 && this.underway.size === 0
  }

  /** Until every webhook has its answer or has been given up. */
  async settled(): Promise<void> {
    this.release()
    while (!this.idle) await Promise.all(this.underway)
  }

  async close(): Promise<void> {
    this.waiting.length = 0
    this.closed = true
    await Promise.race([Promise.allSettled(this.underway), pause(500)])
  }

  clear(): void {
    this.deliveries.clear()
    this.waiting.length = 0
    this.held = []
  }

  private start(delivery: Delivery): void {
    this.enqueue(delivery)
    if (this.options.faults.strikes("duplicateWebhooks", delivery.type)) this.enqueue(delivery)
  }

  private enqueue(delivery: Delivery): void {
    delivery.status = "pending"
    this.waiting.push(delivery)
    this.next()
  }

  private next(): void {
    while (this.busy < (this.options.width ?? 8)) {
      const delivery = this.waiting.shift()
      if (!delivery) return
      const work: Promise<void> = this.deliver(delivery).finally(() => {
        this.underway.delete(work)
        this.next()
      })
      this.underway.add(work)
    }
  }

  private async deliver(delivery: Delivery): Promise<void> {
    for (const wait of [0, ...(this.options.retryAfter ?? [200, 400, 800, 1600, 3200])]) {
      if (wait > 0) await pause(wait)
      if (this.closed) return
      this.busy++
      const attempt = await this.post(delivery)
      this.busy--
      delivery.attempts.push(attempt)
      if (attempt.status !== null && attempt.status >= 200 && attempt.status < 300) {
        delivery.status = "delivered"
        this.options.onDelivered?.(delivery.id)
        return
      }
      this.next()
    }
    delivery.status = "failed"
  }

  private async post({ id, body }: Delivery): Promise<Attempt> {
    const started = performance.now()
    const at = new Date().toISOString()
    const spent = () => Math.round(performance.now() - started)
    try {
      if (!this.deliverer) return { at, status: null, answer: "There is nowhere to deliver to.", milliseconds: 0 }
      const headers = { "content-type": "application/json", ...this.options.sign(body, id) }
      const response = await this.deliverer({ method: "POST", headers, body })
      const answer = (await response.text()).slice(0, 500)
      return { at, status: response.status, answer, milliseconds: spent() }
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : ""
      return { at, status: null, answer: `${String(error)}${cause}`, milliseconds: spent() }
    }
  }

  private forgetOldest(): void {
    if (this.deliveries.size <= keptDeliveries) return
    for (const [id, { status }] of this.deliveries) {
      if (status !== "pending") this.deliveries.delete(id)
      if (this.deliveries.size <= keptDeliveries) return
    }
  }
}
