import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { sql } from "drizzle-orm"
import { eventRef } from "../../shared/webhooks/eventRef.ts"
import { parseStripeEnvelope } from "../../shared/webhooks/stripeEnvelope.ts"
import type { StripeWorld } from "../../test/fakes/stripe/world.ts"
import { apiOf } from "../../test/support/playedHistory.ts"
import { localSecrets } from "../local/localEnv.ts"
import { buildWorkers } from "../workerd/buildWorkers.ts"
import { startWorkerd } from "../workerd/startWorkerd.ts"
import { benchEnvironment } from "./environment.ts"
import { recordedBusiness } from "./recordedBusiness.ts"
import { report } from "./report.ts"

/** mulberry32, so that every run has the same disorder. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/**
 * Events applied per second from a stored backlog: 20 % of the queue's messages are duplicates, 10 % of the events come
 * out of order. Counted are distinct events, from the first batch to the last commit.
 */
export async function apply(): Promise<void> {
  const count = Number(process.env.N ?? 20_000)
  const concurrency = Number(process.env.CONCURRENCY ?? 1)
  const environment = await benchEnvironment()
  const { world, events } = recordedBusiness({ events: Math.round(count / 1.2) })
  const stripe = await startStripeApi(world)
  const workerd = await startWorkerd({
    workers: buildWorkers(["webhooks"]),
    bindings: {
      ...localSecrets,
      DATABASE_URL: environment.databaseUrl,
      DATABASE_HTTP_ENDPOINT: environment.neon.endpoint,
      STRIPE_API_BASE: stripe.url,
    },
    concurrency: { events: 0 },
  })
  try {
    const random = generator(1)
    const ids = events.map((event) => event.id)
    for (let index = 0; index < ids.length; index++)
      if (random() < 0.1) {
        const other = Math.min(ids.length - 1, index + Math.floor(random() * 500))
        const [a, b] = [ids[index], ids[other]]
        if (a && b) {
          ids[index] = b
          ids[other] = a
        }
      }
    const messages = ids.flatMap((id) => (random() < 0.2 ? [id, id] : [id]))
    await storeBacklog(environment, events)

    const before = environment.neon.roundTrips()
    const started = performance.now()
    const batches = chunks(messages, 100)
    let next = 0
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        while (next < batches.length) {
          const batch = batches[next++] ?? []
          await fetch(`${workerd.url("dispatcher")}/`, {
            method: "POST",
            body: JSON.stringify({
              worker: "webhooks",
              queue: "events",
              messages: batch.map((id, index) => ({
                id: `m${index}`,
                body: { ids: [eventRef("stripe", id)] },
                attempts: 1,
              })),
            }),
          })
        }
      }),
    )
    const seconds = (performance.now() - started) / 1000
    const outcome = await environment.db.execute<{ status: string; count: number }>(
      sql`select status, count(*)::int as count from stripe_events group by 1`,
    )
    const outcomes = Object.fromEntries(outcome.rows.map((row) => [row.status, row.count]))
    const conditions = {
      messages: messages.length,
      distinct: ids.length,
      batches: batches.length,
      concurrency,
      outcomes,
    }
    report("apply.rate", ids.length / seconds, "events/s", conditions)
    report(
      "apply.round_trips",
      (environment.neon.roundTrips() - before - 1) / batches.length,
      "round trips/batch",
      conditions,
    )
    report("apply.stripe_requests", stripe.asked(), "requests", conditions)
  } finally {
    await workerd.close()
    await stripe.close()
    await environment.close()
  }
}

/** Answers what events leave open, as Stripe would. */
async function startStripeApi(world: StripeWorld) {
  const api = apiOf(world, new Date())
  let asked = 0
  const server = createServer((request, response) => {
    asked++
    void api.retrieve(request.url ?? "/").then((found) => {
      const body = found ? found.object : { error: { type: "invalid_request_error" } }
      response.writeHead(found ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked: () => asked,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function storeBacklog(
  environment: Awaited<ReturnType<typeof benchEnvironment>>,
  events: { id: string; type: string; created: number }[],
) {
  for (const chunk of chunks(events, 1000)) {
    const rows = chunk.map((event) => ({
      id: event.id,
      type: event.type,
      created: event.created,
      payload: JSON.stringify(event),
      customer: parseStripeEnvelope(event, false).customerId,
    }))
    await environment.db.execute(sql`
      insert into stripe_events (id, type, livemode, created_at, received_at, payload, stripe_customer_id, next_attempt_at)
      select id, type, false, to_timestamp(created), now(), payload, customer, now() - interval '1 second'
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id text, type text, created bigint, payload text, customer text)`)
  }
  await environment.db.execute(sql`analyze stripe_events`)
}

function chunks<Item>(items: Item[], size: number): Item[][] {
  const result: Item[][] = []
  for (let start = 0; start < items.length; start += size) result.push(items.slice(start, start + size))
  return result
}
