import { AppError, type ErrorCode } from "../../errors.ts"

/** Discord refused a request, and would again. */
export class DiscordError extends AppError {
  readonly httpStatus: number
  /** Of https://discord.com/developers/docs/topics/opcodes-and-status-codes#json; 0 where Discord gave none. */
  readonly discordCode: number

  constructor(request: string, status: number, body: unknown) {
    const discordCode = numberIn(body, "code")
    const said = [textIn(body, "message"), ...problems(body)].filter((part) => part !== "").join("; ")
    const hint = status === 401 && discordCode === 0 ? " Check DISCORD_BOT_TOKEN." : ""
    super(
      codeOf(status, hint),
      `Discord answered ${request} with ${status} ${discordCode}: ${said.replace(/\.$/, "") || "no word"}.${hint}`,
      {
        details: { status, discordCode },
      },
    )
    this.httpStatus = status
    this.discordCode = discordCode
  }
}

/** Discord asks for patience, more than there is time for. */
export class DiscordRateLimit extends AppError {
  readonly retryAt: Date

  constructor(request: string, retryAt: Date, why: string) {
    super("rate_limited", `${request} has to wait for Discord until ${retryAt.toISOString()}: ${why}.`, {
      details: { retryAt: retryAt.toISOString() },
    })
    this.retryAt = retryAt
  }
}

const codeOf = (status: number, hint: string): ErrorCode =>
  status === 401 && hint ? "misconfigured" : "vendor_rejected"

const field = (body: unknown, name: string): unknown =>
  typeof body === "object" && body !== null ? Reflect.get(body, name) : undefined

function textIn(body: unknown, name: string): string {
  const value = field(body, name)
  return typeof value === "string" ? value.slice(0, 500) : ""
}

function numberIn(body: unknown, name: string): number {
  const value = field(body, name)
  return typeof value === "number" ? value : 0
}

/** `errors` holds, as deep as the request was, lists of what is wrong with each field. */
function problems(body: unknown): string[] {
  const found: string[] = []
  const look = (value: unknown, path: string[]) => {
    if (typeof value !== "object" || value === null || found.length >= 5 || path.length > 10) return
    for (const [name, inner] of Object.entries(value))
      if (name !== "_errors") look(inner, [...path, name])
      else if (Array.isArray(inner))
        found.push(...inner.map((problem) => `${path.join(".") || "request"}: ${textIn(problem, "message")}`))
  }
  look(field(body, "errors"), [])
  return found.slice(0, 5)
}
