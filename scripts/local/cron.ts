import { readFileSync } from "node:fs"
import path from "node:path"
import { Cron } from "croner"
import { parse } from "smol-toml"

const wranglerToml = path.join(import.meta.dirname, "../../wrangler.toml")

/** Cron expressions of one Worker, as wrangler.toml has them. */
export function cronsOf(worker: string): string[] {
  const config = parse(readFileSync(wranglerToml, "utf8"))
  const crons = pick(pick(pick(pick(config, "env"), worker), "triggers"), "crons")
  return Array.isArray(crons) ? crons.map(String) : []
}

const pick = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined

/** Ticks the Worker's Cron Triggers for real, in UTC as Cloudflare does. Returns what stops it. */
export function startCron(options: { worker: string; url: string; onError: (message: string) => void }): () => void {
  const jobs = cronsOf(options.worker).map(
    (expression) =>
      new Cron(expression, { timezone: "UTC", protect: true }, async () => {
        const response = await fetch(
          `${options.url}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent(expression)}`,
        ).catch((error: unknown) => new Response(String(error), { status: 599 }))
        if (!response.ok)
          options.onError(`cron ${expression} of ${options.worker}: ${response.status} ${await response.text()}`)
      }),
  )
  return () => {
    for (const job of jobs) job.stop()
  }
}
