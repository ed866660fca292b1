/** Paces requests by what earlier answers told of the rate limit; nothing about it is known before the first. */
export interface RateWindow {
  /** Waits until one more request fits. Every turn is followed by one call of `answered`. */
  turn(): Promise<void>
  /** The headers of the answer, or null when there was none. */
  answered(headers: Record<string, string> | null): void
}

/** A window that is said to be longer is not believed. */
const longestWindowMilliseconds = 10_000
const pollMilliseconds = 20

export function createRateWindow(): RateWindow {
  let limit = 1
  /** How many requests still fit until `endsAt`. */
  let left = 1
  let endsAt = Number.POSITIVE_INFINITY
  let refusedUntil = 0
  let underWay = 0

  const close = (seconds: number) => {
    endsAt = Date.now() + Math.min(seconds * 1000, longestWindowMilliseconds)
  }

  return {
    async turn() {
      while (left < 1) {
        const wait = endsAt - Date.now()
        if (wait > 0) await sleep(Math.min(wait, pollMilliseconds))
        else {
          left = Math.max(1, limit - underWay)
          close(1)
        }
      }
      left--
      underWay++
    },
    answered(headers) {
      underWay--
      const retryAfter = headers && numberOf(headers["retry-after"])
      const remaining = headers && numberOf(headers["ratelimit-remaining"])
      limit = (headers && numberOf(headers["ratelimit-limit"])) ?? limit
      if (retryAfter !== null) {
        refusedUntil = Date.now() + Math.min(retryAfter * 1000, longestWindowMilliseconds)
        left = 0
        endsAt = refusedUntil
      } else if (Date.now() < refusedUntil || headers === null) {
        // Nothing new is known of the window.
        if (left < 1 && endsAt === Number.POSITIVE_INFINITY) left = 1
      } else if (remaining === null) left = Number.POSITIVE_INFINITY
      else {
        // What is under way may not have been counted yet.
        left = remaining - underWay
        close(numberOf(headers["ratelimit-reset"]) ?? 1)
      }
    },
  }
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

function numberOf(header: string | undefined): number | null {
  const value = Number(header)
  return header && Number.isFinite(value) && value >= 0 ? value : null
}
