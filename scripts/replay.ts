import { createHmac } from "node:crypto"
import { localSecrets } from "./local/localEnv.ts"
import { readArgs } from "./local/readArgs.ts"
import { readRecordings } from "./replay/readRecordings.ts"
import { shiftTimes } from "./replay/shiftTimes.ts"

const usage = `npm run replay -- [--url URL] [--now] FILE_OR_FOLDER ...

Signs recorded Stripe events as Stripe would and posts them, in the order of their files.
  --url URL  the receiver (http://127.0.0.1:8789/stripe)
  --now      shifts all recorded times alike, so that the newest event is now; each such replay is a new one
STRIPE_WEBHOOK_SECRET signs them; without it, the secret of local development.`

const { values, positionals } = readArgs(usage, {
  allowPositionals: true,
  options: {
    url: { type: "string", default: "http://127.0.0.1:8789/stripe" },
    now: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
})
if (values.help || positionals.length === 0) {
  console.log(usage)
  process.exit(values.help ? 0 : 2)
}

const secret = process.env.STRIPE_WEBHOOK_SECRET ?? localSecrets.STRIPE_WEBHOOK_SECRET

async function replay(): Promise<number> {
  const recordings = readRecordings(positionals)
  const newest = Math.max(...recordings.map(({ event }) => Number(event.created)))
  const shift = values.now ? Math.floor(Date.now() / 1000) - newest : 0
  const shared = recordings.filter(({ sharedId }) => sharedId !== null).length
  if (shared > 0)
    console.log(
      `${shared} of ${recordings.length} recordings share an id with another; each is sent under one of its own.`,
    )

  const outcomes = new Map<string, number>()
  let failed = 0
  for (const { event, file } of recordings) {
    const body = JSON.stringify(
      values.now ? { ...Object(shiftTimes(event, shift)), id: `${String(event.id)}_${shift}` } : event,
    )
    const stamp = Math.floor(Date.now() / 1000)
    const signature = createHmac("sha256", secret).update(`${stamp}.${body}`).digest("hex")
    const response = await fetch(values.url, {
      method: "POST",
      headers: { "content-type": "application/json", "stripe-signature": `t=${stamp},v1=${signature}` },
      body,
    })
    const text = await response.text()
    const answer: unknown = response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : {}
    const outcome = String(Reflect.get(Object(answer), "outcome") ?? `refused with ${response.status}`)
    const reason =
      Reflect.get(Object(answer), "reason") ?? Reflect.get(Object(Reflect.get(Object(answer), "error")), "message")
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    if (!response.ok) failed++
    console.log(
      `${response.ok ? "ok    " : "FAILED"} ${String(event.type).padEnd(48)} ${outcome}${reason ? `  ${String(reason)}` : ""}${response.ok ? "" : `  (${file})`}`,
    )
  }
  const detail = [...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(", ")
  console.log(`\n${recordings.length - failed} accepted, ${failed} failed   (${detail})`)
  return failed === 0 ? 0 : 1
}

replay().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const refused = String(error instanceof Error ? (error.cause ?? "") : error)
    const hint = refused.includes("ECONNREFUSED") ? ` Does the system run? Start it with "npm start".` : ""
    console.error(
      `The replay stopped: ${error instanceof Error ? error.message : String(error)}.${refused && ` ${refused}.`}${hint}`,
    )
    process.exit(1)
  },
)
