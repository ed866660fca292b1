import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"

interface Message {
  id: string
  body: unknown
  attempts: number
  notBefore: number
}

/** What Cloudflare does with the messages of one queue: see wrangler.toml. */
export interface Consumer {
  queue: string
  worker: string
  maxBatchSize: number
  maxBatchMilliseconds: number
  maxRetries: number
  concurrency: number
}

/** What a queue binding reads from the answer to a message: without it, `send` fails although the message was taken. */
export const queueAnswer = { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } }

/**
 * Queues for plain workerd: takes what a queue binding sends, and hands batches to consumers through the dispatcher
 * Worker. Messages live in memory and are lost with it, as may happen to any message.
 */
export class QueueBroker {
  private readonly queues = new Map<string, Message[]>()
  private readonly active = new Map<string, number>()
  private readonly timers = new Map<string, NodeJS.Timeout>()
  private readonly consumers: Consumer[]
  private dispatchUrl = ""
  private serial = 0
  private stopped = false
  private readonly server = createServer((request, response) => {
    this.receive(request).then(
      () => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(queueAnswer)),
      () => response.writeHead(500).end(),
    )
  })

  constructor(consumers: Consumer[]) {
    this.consumers = consumers
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve))
    return (this.server.address() as AddressInfo).port
  }

  /** Where the dispatcher Worker answers; until it is known, messages wait. */
  connect(dispatchUrl: string): void {
    this.dispatchUrl = dispatchUrl
    for (const { queue } of this.consumers) this.pump(queue)
  }

  /** Messages that wait or are being handled. */
  backlog(queue: string): number {
    return (this.queues.get(queue)?.length ?? 0) + (this.active.get(queue) ?? 0)
  }

  send(queue: string, body: unknown, delaySeconds = 0): void {
    const messages = this.queues.get(queue) ?? []
    messages.push({ id: `m${this.serial++}`, body, attempts: 1, notBefore: Date.now() + delaySeconds * 1000 })
    this.queues.set(queue, messages)
    this.pump(queue)
  }

  /** Forgets every message, as queues are allowed to. */
  lose(): void {
    this.queues.clear()
  }

  async close(): Promise<void> {
    this.stopped = true
    for (const timer of this.timers.values()) clearTimeout(timer)
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private async receive(request: IncomingMessage): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const [, queue = "", action = ""] = new URL(request.url ?? "/", "http://broker").pathname.split("/")
    if (action === "message") this.send(queue, JSON.parse(text), Number(request.headers["x-msg-delay-secs"] ?? 0))
    else {
      const batch: { messages: { body: string }[] } = JSON.parse(text)
      for (const { body } of batch.messages) this.send(queue, JSON.parse(Buffer.from(body, "base64").toString()))
    }
  }

  private pump(queue: string): void {
    const consumer = this.consumers.find((each) => each.queue === queue)
    if (!consumer || this.stopped || this.timers.has(queue) || this.dispatchUrl === "") return
    const full = (this.queues.get(queue)?.length ?? 0) >= consumer.maxBatchSize
    const wait = full ? 0 : consumer.maxBatchMilliseconds
    this.timers.set(
      queue,
      setTimeout(() => {
        this.timers.delete(queue)
        void this.deliver(consumer)
      }, wait),
    )
  }

  private async deliver(consumer: Consumer): Promise<void> {
    const { queue } = consumer
    const running = this.active.get(queue) ?? 0
    if (running >= consumer.concurrency) return
    const waiting = this.queues.get(queue) ?? []
    const now = Date.now()
    const batch = waiting.filter(({ notBefore }) => notBefore <= now).slice(0, consumer.maxBatchSize)
    if (batch.length === 0) {
      if (waiting.length > 0) setTimeout(() => this.pump(queue), 100).unref()
      return
    }
    const taken = new Set(batch)
    this.queues.set(
      queue,
      waiting.filter((message) => !taken.has(message)),
    )
    this.active.set(queue, running + 1)
    if (this.backlog(queue) > running + 1) this.pump(queue)
    try {
      const response = await fetch(`${this.dispatchUrl}/queue`, {
        method: "POST",
        body: JSON.stringify({
          worker: consumer.worker,
          queue,
          messages: batch.map(({ id, body, attempts }) => ({ id, body, attempts })),
        }),
      })
      const result: { retryAll: boolean; delaySeconds: number } = await response.json()
      if (result.retryAll) this.retry(consumer, batch, result.delaySeconds)
    } catch {
      this.retry(consumer, batch, 0)
    }
    this.active.set(queue, (this.active.get(queue) ?? 1) - 1)
    if ((this.queues.get(queue)?.length ?? 0) > 0) this.pump(queue)
  }

  private retry(consumer: Consumer, batch: Message[], delaySeconds: number): void {
    const again = batch.filter(({ attempts }) => attempts <= consumer.maxRetries)
    const messages = this.queues.get(consumer.queue) ?? []
    messages.push(
      ...again.map((message) => ({
        ...message,
        attempts: message.attempts + 1,
        notBefore: Date.now() + delaySeconds * 1000,
      })),
    )
    this.queues.set(consumer.queue, messages)
  }
}
