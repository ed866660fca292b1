import { sql } from "drizzle-orm"
import { localSecrets } from "../local/localEnv.ts"
import { businessStatements } from "../seed/business.ts"
import { buildWorkers } from "../workerd/buildWorkers.ts"
import { startWorkerd } from "../workerd/startWorkerd.ts"
import { benchEnvironment } from "./environment.ts"
import { percentile, report } from "./report.ts"
import { watchMemory } from "./watchMemory.ts"

const perSecond = 20
const seconds = 15

/**
 * Staff pages over a seeded business, at a fixed rate of requests whatever the answers take (open model). Told is the
 * time from the moment a request was due until its answer's last byte.
 */
export async function admin(): Promise<void> {
  const customers = Number(process.env.N ?? 100_000)
  const environment = await benchEnvironment()
  const workerd = await startWorkerd({
    workers: buildWorkers(["admin"]),
    bindings: {
      ...localSecrets,
      DATABASE_URL: environment.databaseUrl,
      DATABASE_HTTP_ENDPOINT: environment.neon.endpoint,
      SIGN_IN: "local",
    },
  })
  try {
    const now = new Date()
    for (const { statement } of businessStatements({ customers, seed: 1, now })) await environment.db.execute(statement)
    await environment.db.execute(sql`analyze`)
    const url = workerd.url("admin")
    const signedIn = await fetch(`${url}/sign-in/local`, {
      method: "POST",
      headers: { origin: url, "content-type": "application/x-www-form-urlencoded" },
      body: "role=owner",
      redirect: "manual",
    })
    const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? ""
    const ids = await environment.db.execute<{ id: string }>(sql`select id from customers order by id limit 500`)
    const words = ["ada", "koch", "gruber", "elif", "holm12", "kaya jan", "cus_seed1_77", "example.com"]
    const pages: Record<string, (index: number) => string> = {
      today: () => "/",
      list: (index) => `/customers?stage=${["", "active", "at_risk", "churned"][index % 4]}&sort=-created`,
      search: (index) => `/customers?q=${encodeURIComponent(words[index % words.length] ?? "")}`,
      mrr: () => "/customers?sort=-mrr&currency=eur&mrrFrom=10",
      product: (index) => `/customers?product=${index % 2 ? "prod_pro" : "prod_starter"}&country=SE`,
      profile: (index) => `/customers/${ids.rows[index % ids.rows.length]?.id}`,
      palette: (index) => `/search?q=${encodeURIComponent(words[index % words.length] ?? "")}`,
    }
    for (const [name, path] of Object.entries(pages)) {
      for (let index = 0; index < 20; index++) await get(`${url}${path(index)}`, cookie)
      const trips = environment.neon.roundTrips()
      const { latencies, failed } = await atFixedRate((index) => get(`${url}${path(index)}`, cookie))
      const conditions = { customers, per_second: perSecond, requests: latencies.length, failed }
      for (const [figure, part] of [
        ["p50", 0.5],
        ["p95", 0.95],
        ["p99", 0.99],
      ] as const)
        report(`admin.${name}.${figure}`, percentile(latencies, part), "ms", conditions)
      report(
        `admin.${name}.round_trips`,
        (environment.neon.roundTrips() - trips) / latencies.length,
        "round trips/page",
        conditions,
      )
    }
    await exportOf(`${url}/customers/export.csv`, cookie, customers, () => workerd.memory())
  } finally {
    await workerd.close()
    await environment.close()
  }
}

async function get(address: string, cookie: string): Promise<boolean> {
  const answer = await fetch(address, { headers: { cookie }, redirect: "manual" })
  await answer.arrayBuffer()
  return answer.status === 200
}

async function atFixedRate(request: (index: number) => Promise<boolean>) {
  const latencies: number[] = []
  let failed = 0
  const started = performance.now()
  await Promise.all(
    Array.from({ length: perSecond * seconds }, async (_, index) => {
      const due = started + (index * 1000) / perSecond
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())))
      if (!(await request(index))) failed++
      latencies.push(performance.now() - due)
    }),
  )
  return { latencies, failed }
}

/** The time until the first customer's row of an export is there, and until the last; and what memory it takes meanwhile. */
async function exportOf(
  address: string,
  cookie: string,
  customers: number,
  memory: () => number | null,
): Promise<void> {
  const watched = watchMemory(memory)
  const started = performance.now()
  const answer = await fetch(address, { headers: { cookie } })
  const decoder = new TextDecoder()
  let lines = 0
  let first = Number.NaN
  for await (const chunk of answer.body ?? []) {
    lines += decoder.decode(chunk, { stream: true }).split("\n").length - 1
    // The first line is the head.
    if (lines > 1 && Number.isNaN(first)) first = performance.now() - started
  }
  const conditions = { customers, rows: lines - 1 }
  report("admin.export.first_row", first, "ms", conditions)
  report("admin.export.all", performance.now() - started, "ms", conditions)
  const { begin, peak } = watched()
  report("admin.export.memory", (peak - begin) / 2 ** 20, "MiB more", {
    ...conditions,
    begin: Math.round(begin / 2 ** 20),
  })
}
