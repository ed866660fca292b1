import { AppError } from "../../errors.ts"
import { type DiscordFile, discordBody } from "./discordBody.ts"
import { DiscordError, DiscordRateLimit } from "./discordError.ts"
import { createDiscordLimits, type DiscordLimits } from "./discordLimits.ts"
import { discordRoute } from "./discordRoute.ts"
import { readDiscordAnswer } from "./readDiscordAnswer.ts"

export interface DiscordCall {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  /** Made with `discordPath`. */
  path: string
  query?: Record<string, string | number | boolean | undefined>
  body?: object
  files?: DiscordFile[]
  /** For the server's audit log. */
  reason?: string
  /** Whether doing it twice is doing it once; without a word, everything but POST. */
  repeatable?: boolean
  /** What the request changes, where Discord limits that by itself. */
  limitedAs?: string
}

export interface DiscordRest {
  applicationId: string
  /**
   * The answer's JSON, null where it has none. Throws DiscordRateLimit where the wait is longer than 2 seconds, DiscordError
   * where Discord refuses, `vendor_unavailable` where it does not answer; then `maybeDone` of the details says whether what
   * was asked may have been done.
   */
  request(call: DiscordCall): Promise<unknown>
}

export interface DiscordClock {
  now(): number
  sleep(milliseconds: number): Promise<void>
}

const wallClock: DiscordClock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
}

const discordApi = "https://discord.com/api/v10"
const longestWait = 2000
/** A wait is looked at again this often: what others are told may end it. */
const lookAgain = 50
const timeout = 6000
const timeoutWithFiles = 60_000
/** Before a request without an answer is made again. */
const backoff = [300, 1200]

export function createDiscordRest(options: {
  token: string
  applicationId: string
  apiBase?: string
  release: string
  limits?: DiscordLimits
  clock?: DiscordClock
  timeoutMilliseconds?: number
}): DiscordRest {
  const { token, applicationId, limits = createDiscordLimits(), clock = wallClock } = options
  const base = options.apiBase || discordApi
  // Discord may refuse who does not say in this form who they are: https://discord.com/developers/docs/reference#user-agent
  const userAgent = `DiscordBot (https://discord.com/developers/applications/${applicationId}, ${options.release.replace(/[^\w.-]/g, "") || "1"})`

  async function once(call: DiscordCall, route: ReturnType<typeof discordRoute>) {
    const headers = new Headers({ "user-agent": userAgent })
    // The token of an interaction is in its path, and is all that answering it needs.
    if (!route.interaction) headers.set("authorization", `Bot ${token}`)
    if (call.reason) headers.set("x-audit-log-reason", encodeURIComponent(call.reason.slice(0, 512).toWellFormed()))
    const { body, contentType } = discordBody(call)
    if (contentType) headers.set("content-type", contentType)
    const response = await fetch(`${base}${call.path}${queryOf(call.query)}`, {
      method: call.method,
      headers,
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(options.timeoutMilliseconds ?? (call.files?.length ? timeoutWithFiles : timeout)),
    })
    return readDiscordAnswer(response)
  }

  return {
    applicationId,
    async request(call) {
      const route = discordRoute(call.method, call.path, call.limitedAs)
      const patience = clock.now() + longestWait
      const repeatable = call.repeatable ?? call.method !== "POST"
      let failures = 0
      for (let refused = 0; ; ) {
        await turn(route, patience)
        let answer: Awaited<ReturnType<typeof once>>
        try {
          answer = await once(call, route)
        } catch (thrown) {
          limits.answered(route, { status: 0, bucket: null, refusal: null }, clock.now())
          if (!repeatable || failures >= backoff.length) throw unanswered(route.name, String(thrown), thrown)
          await clock.sleep(backoff[failures++] ?? 0)
          continue
        }
        const { status, refusal, json } = answer
        limits.answered(route, answer, clock.now())
        if (status >= 200 && status < 300) return json
        if (refusal) {
          const retryAt = clock.now() + refusal.retryAfter
          if (refused++ > 0 || retryAt > clock.now() + longestWait)
            throw new DiscordRateLimit(route.name, new Date(retryAt), `it answered 429 (${refusal.scope})`)
          await clock.sleep(refusal.retryAfter)
        } else if (status >= 500 || status < 400) {
          if (!repeatable || failures >= backoff.length) throw unanswered(route.name, `status ${status}`)
          await clock.sleep(backoff[failures++] ?? 0)
        } else throw new DiscordError(route.name, status, json)
      }
    },
  }

  /** Waits until a request fits within what is known of the limits, and takes its place. */
  async function turn(route: ReturnType<typeof discordRoute>, patience: number): Promise<void> {
    for (;;) {
      const now = clock.now()
      const stopped = limits.stopped(route, now)
      if (stopped) throw new DiscordRateLimit(route.name, new Date(stopped.until), stopped.why)
      const freeAt = limits.freeAt(route)
      if (freeAt <= now) {
        limits.take(route, now)
        return
      }
      if (freeAt > patience) throw new DiscordRateLimit(route.name, new Date(freeAt), "its rate limit is used up")
      await clock.sleep(Math.min(freeAt - now, lookAgain))
    }
  }
}

const unanswered = (request: string, why: string, cause?: unknown) =>
  new AppError("vendor_unavailable", `Discord did not answer ${request}: ${why}`, {
    cause,
    details: { maybeDone: true },
  })

function queryOf(query: DiscordCall["query"] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`
}
