import { serve } from "@hono/node-server"
import type { Hono } from "hono"
import type { NodeEnv } from "./faultMiddleware.ts"

/** Serves an app; port 0 takes any free one. */
export async function listen(
  app: Hono<NodeEnv>,
  port: number,
  hostname: string,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = serve({ fetch: app.fetch, port, hostname })
  await new Promise<void>((resolve, reject) => {
    server.once("listening", () => resolve())
    server.once("error", reject)
  })
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The stand-ins listen nowhere.")
  return {
    url: `http://${hostname}:${address.port}`,
    close: async () => {
      if ("closeAllConnections" in server) server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
