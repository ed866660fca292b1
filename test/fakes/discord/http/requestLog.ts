export interface RequestLine {
  at: string
  method: string
  path: string
  /** Null when the connection was dropped. */
  status: number | null
  /** Discord's error code. */
  code: number | null
  milliseconds: number
  reason: string | null
  body: unknown
}

const window = 600_000
/** Refusals in 10 minutes after which Cloudflare bans the address. */
export const banAfter = 10_000

/** What was asked of Discord, and how often in the last 10 minutes it had to refuse. */
export class RequestLog {
  /** The last thousand. */
  readonly requests: RequestLine[] = []
  /** Whether too many refusals end in a ban. */
  bans = true
  private refusals: number[] = []
  private readonly now: () => Date

  constructor(now: () => Date) {
    this.now = now
  }

  note(request: RequestLine): void {
    this.requests.push(request)
    if (this.requests.length > 1000) this.requests.shift()
  }

  /** 401, 403, and 429 other than of a shared limit. */
  refuse(): void {
    this.refusals.push(this.now().getTime())
  }

  get invalidRequests(): number {
    const since = this.now().getTime() - window
    this.refusals = this.refusals.filter((at) => at > since)
    return this.refusals.length
  }

  get banned(): boolean {
    return this.bans && this.refusals.length >= banAfter && this.invalidRequests >= banAfter
  }

  clear(): void {
    this.requests.length = 0
    this.refusals = []
    this.bans = true
  }
}
