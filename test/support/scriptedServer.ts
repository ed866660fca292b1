import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"

export interface ScriptedAnswer {
  status: number
  headers?: Record<string, string>
  body: string
}

/** A server that answers what the test tells it to, and keeps what it was asked. `null`: it hangs up without a word. */
export async function startScriptedServer() {
  const asked: { path: string; headers: IncomingMessage["headers"]; body: string; at: number }[] = []
  const script: { next: () => ScriptedAnswer | null | "silence" } = { next: () => ({ status: 500, body: "{}" }) }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString()
      asked.push({ path: request.url ?? "", headers: request.headers, body, at: Date.now() })
      const answer = script.next()
      if (answer === "silence") return
      if (answer === null) request.socket.destroy()
      else response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers }).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    script,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
