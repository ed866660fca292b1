import type { Database } from "./db/client.ts"
import type { Logger } from "./log.ts"
import type { Permission, Role } from "./staff/roles.ts"

/** Who or what makes a change. */
export type Actor =
  | { kind: "stripe"; eventId: string }
  | { kind: "resend"; eventId: string }
  | { kind: "job"; name: string }
  | { kind: "queue"; name: string }
  | { kind: "staff"; id: string; email: string; name: string; role: Role }
  /** A member of the server; `isStaff` where they have the staff role, which whoever builds the actor has checked. */
  | { kind: "discord"; userId: string; name?: string; isStaff?: boolean }
  | { kind: "apiKey"; id: string; name: string; scopes: readonly Permission[] }
  | { kind: "public" }

/** Queue messages carry ids only: Postgres is the truth, and a message may be lost, late, repeated or reordered. */
export type IdsMessage = { ids: string[] }

export interface IdsQueue {
  send(message: IdsMessage): Promise<unknown>
  sendBatch(messages: Iterable<{ body: IdsMessage }>): Promise<unknown>
}

/** What every verb takes first. Built once per request, message batch or tick at the edge; tests replace its parts. */
export interface Context<Vendors extends object = object, QueueName extends string = never> {
  db: Database
  now: () => Date
  actor: Actor
  /** Ties log lines, the audit log and what the caller was told together. */
  requestId: string
  log: Logger
  queues: Record<QueueName, IdsQueue>
  vendors: Vendors
}
