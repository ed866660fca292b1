import type { Actor, Context, IdsMessage, IdsQueue } from "../../shared/context.ts"
import type { Database } from "../../shared/db/client.ts"
import { silentLogger } from "../../shared/log.ts"

/** A queue that keeps what was sent to it. */
export class RecordingQueue implements IdsQueue {
  readonly messages: IdsMessage[] = []

  async send(message: IdsMessage): Promise<void> {
    this.messages.push(message)
  }

  async sendBatch(messages: Iterable<{ body: IdsMessage }>): Promise<void> {
    for (const { body } of messages) this.messages.push(body)
  }

  /** Every id sent since the last call. */
  take(): string[] {
    return this.messages.splice(0).flatMap((message) => message.ids)
  }
}

/** A context whose clock stands where the test puts it. */
export function testContext<Vendors extends object>(options: {
  db: Database
  now?: Date
  actor?: Actor
  vendors: Vendors
}): Context<Vendors, "events" | "emails" | "jobs" | "tickets"> & {
  queues: Record<"events" | "emails" | "jobs" | "tickets", RecordingQueue>
  clock: { now: Date }
} {
  const clock = { now: options.now ?? new Date("2026-11-20T12:00:00Z") }
  return {
    db: options.db,
    now: () => clock.now,
    clock,
    actor: options.actor ?? { kind: "queue", name: "test" },
    requestId: "test",
    log: silentLogger,
    queues: {
      events: new RecordingQueue(),
      emails: new RecordingQueue(),
      jobs: new RecordingQueue(),
      tickets: new RecordingQueue(),
    },
    vendors: options.vendors,
  }
}
