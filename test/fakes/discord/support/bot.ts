import { z } from "zod"
import { discordIdentity } from "../identity.ts"

const known = z.looseObject({ id: z.string().optional(), code: z.number().optional() })

export interface Answer {
  status: number
  headers: Headers
  body: unknown
  /** Of what was answered; empty when it has none. */
  id: string
  /** Of a refusal. */
  code: number | null
}

export interface Call {
  body?: unknown
  form?: FormData
  reason?: string
  headers?: Record<string, string>
}

/** Calls the stand-in's API as our bot does. */
export const bot =
  (url: () => string) =>
  async (method: string, path: string, call: Call = {}): Promise<Answer> => {
    const { body, form, reason, headers } = call
    const response = await fetch(`${url()}/discord/api/v10${path}`, {
      method,
      headers: {
        authorization: `Bot ${discordIdentity.botToken}`,
        "user-agent": "DiscordBot (https://ops-hq.example.com, 1.0)",
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(reason !== undefined && { "x-audit-log-reason": encodeURIComponent(reason) }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(form && { body: form }),
    })
    const text = await response.text()
    const json = response.headers.get("content-type")?.includes("json")
    const read: unknown = json ? JSON.parse(text) : text
    const { id = "", code = null } = known.safeParse(read).data ?? {}
    return { status: response.status, headers: response.headers, body: read, id, code }
  }
