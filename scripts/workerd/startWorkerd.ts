import { type ChildProcess, spawn } from "node:child_process"
import { closeSync, cpSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { parse } from "smol-toml"
import { freePort } from "../local/freePort.ts"
import type { BuiltWorker } from "./buildWorkers.ts"
import { QueueBroker, queueAnswer } from "./queueBroker.ts"
import { readAssets } from "./readAssets.ts"

const root = path.join(import.meta.dirname, "../..")

export interface Workerd {
  url(worker: string): string
  broker: QueueBroker
  /** Runs a Worker's Cron Trigger. */
  tick(worker: string, cron: string): Promise<void>
  /** Resident memory in bytes, where the system tells (Linux). */
  memory(): number | null
  /** Ends the process at once, in the middle of whatever it does. */
  kill(): Promise<void>
  /** Starts it again on the same ports. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** Hands messages and ticks to the Workers, which plain workerd can only be asked to do from inside. */
const dispatcher = `
export default {
  async fetch(request, env) {
    const { worker, queue, messages, cron } = await request.json()
    if (cron) return Response.json(await env[worker].scheduled({ cron, scheduledTime: new Date() }))
    const result = await env[worker].queue(queue, messages.map((message) => ({ ...message, timestamp: new Date() })))
    return Response.json({ retryAll: result.outcome !== "ok" || result.retryBatch.retry, delaySeconds: result.retryBatch.delaySeconds ?? 0 })
  }
}`

type Toml = Record<string, unknown>
const table = (value: unknown): Toml =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {}
const tables = (value: unknown): Toml[] => (Array.isArray(value) ? value.map(table) : [])

/** Built Workers on plain workerd, without the development server's proxy, wired as wrangler.toml says. */
export async function startWorkerd(options: {
  workers: BuiltWorker[]
  bindings: Record<string, string>
  concurrency?: Record<string, number>
  batchMilliseconds?: number
  /** Queues that swallow what is sent to them, inside workerd. */
  swallow?: boolean
}): Promise<Workerd> {
  const config = table(parse(readFileSync(path.join(root, "wrangler.toml"), "utf8")))
  const environments = table(config.env)
  const consumers = options.workers.flatMap(({ name }) =>
    tables(table(table(environments[name]).queues).consumers).map((consumer) => ({
      queue: String(consumer.queue),
      worker: name,
      maxBatchSize: Number(consumer.max_batch_size ?? 10),
      maxBatchMilliseconds: options.batchMilliseconds ?? Number(consumer.max_batch_timeout ?? 5) * 1000,
      maxRetries: Number(consumer.max_retries ?? 3),
      concurrency: options.concurrency?.[String(consumer.queue)] ?? Number(consumer.max_concurrency ?? 1),
    })),
  )
  const broker = new QueueBroker(consumers)
  const brokerPort = await broker.listen()
  const folder = mkdtempSync(path.join(tmpdir(), "ops-hq-workerd-"))
  const ports = new Map<string, number>()
  for (const { name } of options.workers) ports.set(name, await freePort())
  ports.set("dispatcher", await freePort())

  const text = (value: string) => JSON.stringify(value)
  const service = ({ name }: BuiltWorker) => {
    const environment = table(environments[name])
    const vars = { ...table(environment.vars), ...options.bindings }
    const producers = tables(table(environment.queues).producers)
    const assets = table(environment.assets)
    // A Worker that does not run here is not bound, and does not answer.
    const services = tables(environment.services).flatMap(({ binding, service, entrypoint }) =>
      options.workers
        .filter((each) => table(environments[each.name]).name === service)
        .map(
          (each) =>
            `(name = ${text(String(binding))}, service = (name = ${text(each.name)}, entrypoint = ${text(String(entrypoint))}))`,
        ),
    )
    const bindings = [
      ...Object.entries(vars).map(([key, value]) => `(name = ${text(key)}, text = ${text(String(value))})`),
      ...producers.map(
        ({ binding, queue }) => `(name = ${text(String(binding))}, queue = ${text(`queue-${String(queue)}`)})`,
      ),
      ...services,
      ...(assets.binding ? [`(name = ${text(String(assets.binding))}, service = ${text(`assets-${name}`)})`] : []),
    ]
    return `(name = ${text(name)}, worker = (modules = [(name = "index.js", esModule = embed ${text(`${name}/index.js`)})], compatibilityDate = ${text(String(config.compatibility_date))}, bindings = [${bindings.join(", ")}]))`
  }
  const queues = new Set(consumers.map(({ queue }) => queue))
  for (const { name } of options.workers)
    for (const { queue } of tables(table(table(environments[name]).queues).producers)) queues.add(String(queue))
  writeFileSync(path.join(folder, "dispatcher.js"), dispatcher)
  for (const worker of options.workers) cpSync(worker.outdir, path.join(folder, worker.name), { recursive: true })
  const assetServices = options.workers.flatMap(({ name }) => {
    const { directory } = table(table(environments[name]).assets)
    if (!directory) return []
    writeFileSync(
      path.join(folder, `${name}.assets.json`),
      JSON.stringify(readAssets(path.join(root, String(directory)))),
    )
    return `(name = ${text(`assets-${name}`)}, worker = (modules = [(name = "assets.js", esModule = ${text(assetWorker)})], compatibilityDate = "2026-11-17", bindings = [(name = "FILES", json = embed ${text(`${name}.assets.json`)})])),`
  })
  // workerd posts a message to /message and a batch to /batch; a Worker per queue puts the queue's name before it.
  const capnp = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [
  ${options.workers.map(service).join(",\n  ")},
  ${assetServices.join("\n  ")}
  ${[...queues].map((queue) => `(name = ${text(`queue-${queue}`)}, worker = (modules = [(name = "queue.js", esModule = ${text(options.swallow ? swallowingWorker : queueWorker)})], compatibilityDate = "2026-11-17", bindings = [(name = "BROKER", service = "broker"), (name = "QUEUE", text = ${text(queue)})])),`).join("\n  ")}
  (name = "broker", external = (address = "127.0.0.1:${brokerPort}", http = ())),
  (name = "dispatcher", worker = (modules = [(name = "dispatcher.js", esModule = embed "dispatcher.js")], compatibilityDate = "2026-11-17", compatibilityFlags = ["service_binding_extra_handlers"],
    bindings = [${options.workers.map(({ name }) => `(name = ${text(name)}, service = ${text(name)})`).join(", ")}])),
  (name = "internet", network = (allow = ["private", "public"]))
], sockets = [
  ${[...ports].map(([name, port]) => `(name = ${text(name)}, address = "127.0.0.1:${port}", http = (), service = ${text(name)})`).join(",\n  ")}
]);`
  const file = path.join(folder, "config.capnp")
  writeFileSync(file, capnp)
  const logFile = path.join(folder, "workerd.log")

  const url = (worker: string) => `http://127.0.0.1:${ports.get(worker)}`
  let child: ChildProcess | undefined
  const end = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child?.once("exit", resolve))
    child.kill("SIGKILL")
    await gone
  }
  const start = async () => {
    // A file, not a pipe: a line a request would keep this process busy with nothing but reading.
    const output = openSync(logFile, "a")
    child = spawn(path.join(root, "node_modules/.bin/workerd"), ["serve", file, "--experimental"], {
      stdio: ["ignore", output, output],
    })
    closeSync(output)
    const started = child
    for (;;) {
      if (started.exitCode !== null)
        throw new Error(`workerd did not start:\n${readFileSync(logFile, "utf8").slice(-4000)}`)
      const answered = await fetch(url("dispatcher"), { method: "GET" }).then(
        () => true,
        () => false,
      )
      if (answered) break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    broker.connect(url("dispatcher"))
  }
  await start()
  process.once("exit", () => child?.kill("SIGKILL"))

  return {
    url,
    broker,
    async tick(worker, cron) {
      await fetch(`${url("dispatcher")}/`, { method: "POST", body: JSON.stringify({ worker, cron }) })
    },
    memory() {
      try {
        const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child?.pid}/status`, "utf8"))?.[1]
        return kilobytes ? Number(kilobytes) * 1024 : null
      } catch {
        return null
      }
    },
    kill: end,
    restart: start,
    async close() {
      await end()
      await broker.close()
      rmSync(folder, { recursive: true })
    },
  }
}

// Reads what it is given: an answer before the body's end is a lost connection to the sender.
const swallowingWorker = `const answer = ${JSON.stringify(JSON.stringify(queueAnswer))}; export default { async fetch(request) { await request.text(); return new Response(answer) } }`
const queueWorker = `export default { fetch(request, env) { const { pathname } = new URL(request.url); return env.BROKER.fetch(new Request("http://broker/" + env.QUEUE + pathname, request)) } }`
const assetWorker = `export default { fetch(request, env) { const file = env.FILES[new URL(request.url).pathname]; return file ? new Response(file.text, { headers: file.headers }) : new Response(null, { status: 404 }) } }`
