import { createHmac } from "node:crypto"
import { Agent, request } from "node:http"
import { localSecrets } from "../local/localEnv.ts"
import { buildWorkers } from "../workerd/buildWorkers.ts"
import { startWorkerd } from "../workerd/startWorkerd.ts"
import { benchEnvironment } from "./environment.ts"
import { percentile, report } from "./report.ts"
import { subscriptionEvent } from "./syntheticEvents.ts"

const connections = 50

/** Signed events acknowledged, at 50 connections, load generator and database on the same machine. */
export async function ingest(): Promise<void> {
  const count = Number(process.env.N ?? 20_000)
  const environment = await benchEnvironment()
  const workerd = await startWorkerd({
    workers: buildWorkers(["webhooks"]),
    bindings: {
      ...localSecrets,
      DATABASE_URL: environment.databaseUrl,
      DATABASE_HTTP_ENDPOINT: environment.neon.endpoint,
    },
    // Only the intake is measured: the queue takes everything and costs nothing.
    swallow: true,
  })
  try {
    const post = poster(`${workerd.url("webhooks")}/stripe`)
    await run(post, 2000, 1_000_000)
    const result = await run(post, count, 0)
    const conditions = { events: count, connections, refused: result.refused }
    report("ingest.rate", result.rate, "events/s", conditions)
    for (const [name, part] of [
      ["p50", 0.5],
      ["p95", 0.95],
      ["p99", 0.99],
    ] as const)
      report(`ingest.${name}`, percentile(result.latencies, part), "ms", conditions)
    const trips = environment.neon.roundTrips()
    report("ingest.round_trips", (trips - 1) / (count + 2000), "round trips/event", conditions)
    post.close()
  } finally {
    await workerd.close()
    await environment.close()
  }
}

async function run(post: Poster, count: number, offset: number) {
  const bodies = Array.from({ length: count }, (_, index) =>
    JSON.stringify(subscriptionEvent(offset + index, 1_700_000_000 + offset + index)),
  )
  const latencies: number[] = []
  let next = 0
  let refused = 0
  const started = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (next < count) {
        const [status, milliseconds] = await post(bodies[next++] ?? "")
        if (status !== 200) refused++
        latencies.push(milliseconds)
      }
    }),
  )
  return { rate: count / ((performance.now() - started) / 1000), latencies, refused }
}

type Poster = ((body: string) => Promise<[number, number]>) & { close(): void }

function poster(target: string): Poster {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const { hostname, port, pathname } = new URL(target)
  const post = (body: string) =>
    new Promise<[number, number]>((resolve, reject) => {
      const stamp = Math.floor(Date.now() / 1000)
      const signature = createHmac("sha256", localSecrets.STRIPE_WEBHOOK_SECRET)
        .update(`${stamp}.${body}`)
        .digest("hex")
      const started = performance.now()
      const sent = request(
        {
          hostname,
          port,
          path: pathname,
          agent,
          method: "POST",
          headers: {
            "content-type": "application/json",
            "content-length": Buffer.byteLength(body),
            "stripe-signature": `t=${stamp},v1=${signature}`,
          },
        },
        (answer) => {
          answer.resume()
          answer.on("end", () => resolve([answer.statusCode ?? 0, performance.now() - started]))
        },
      )
      sent.on("error", reject)
      sent.end(body)
    })
  return Object.assign(post, { close: () => agent.destroy() })
}
