import type { Actor, Context, IdsQueue } from "../context.ts"
import { createDatabase } from "../db/client.ts"
import type { WorkerName } from "../env.ts"
import { createLogger } from "../log.ts"

interface CommonEnv {
  DATABASE_URL: string
  DATABASE_HTTP_ENDPOINT: string
  STAGE: string
  RELEASE: string
}

/** Built once per request, message batch or tick, from an Env that `checkEnv` has passed. */
export function createContext<Vendors extends object, QueueName extends string = never>(options: {
  worker: WorkerName
  env: CommonEnv
  actor: Actor
  vendors: Vendors
  queues: Record<QueueName, IdsQueue>
  requestId?: string
}): Context<Vendors, QueueName> {
  const { worker, env, actor, vendors, queues, requestId = crypto.randomUUID() } = options
  return {
    db: createDatabase({ url: env.DATABASE_URL, httpEndpoint: env.DATABASE_HTTP_ENDPOINT }),
    now: () => new Date(),
    actor,
    requestId,
    log: createLogger({ worker, release: env.RELEASE }),
    queues,
    vendors,
  }
}
