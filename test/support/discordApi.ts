import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"

export interface DiscordAsked {
  method: string
  path: string
  headers: IncomingMessage["headers"]
  body: Buffer
  at: number
}

export interface DiscordReply {
  status?: number
  headers?: Record<string, string>
  json?: unknown
  /** In place of JSON. */
  text?: string
}

/** Discord's API as the test tells it to answer, and what it was asked. `hangUp`: no answer; `silence`: never any. */
export async function startDiscordApi() {
  const asked: DiscordAsked[] = []
  type Answer = DiscordReply | "hangUp" | "silence"
  const script: { answer: (asked: DiscordAsked) => Answer | Promise<Answer> } = { answer: () => ({}) }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", async () => {
      const { method = "", url = "", headers } = request
      const each = { method, path: url, headers, body: Buffer.concat(chunks), at: Date.now() }
      asked.push(each)
      const reply = await script.answer(each)
      if (reply === "silence") return
      if (reply === "hangUp") {
        request.socket.destroy()
        return
      }
      const { status = 200, json, text } = reply
      response.writeHead(status, { "content-type": "application/json", ...reply.headers })
      response.end(text ?? (json === undefined ? "" : JSON.stringify(json)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    script,
    /** What was asked with JSON, as JSON. */
    json: (each: DiscordAsked | undefined): unknown => JSON.parse(each?.body.toString() ?? "null"),
    reset() {
      asked.length = 0
      script.answer = () => ({})
    },
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
export type DiscordApi = Awaited<ReturnType<typeof startDiscordApi>>
