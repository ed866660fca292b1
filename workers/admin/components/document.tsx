import { html } from "hono/html"
import type { Child } from "hono/jsx"
import type { AdminRequest } from "../adminApp.ts"
import { assetHref } from "../assetVersions.ts"
import { ClientScript } from "./clientScript.tsx"

/** htmx never evaluates text as code and adds no style of its own: see headers.ts. */
const htmxConfig = JSON.stringify({
  allowEval: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  scrollIntoViewOnBoost: false,
})

export async function document(c: AdminRequest, title: string, body: Child) {
  const styles = await assetHref(c, "styles.css")
  return html`<!doctype html>${(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <meta name="htmx-config" content={htmxConfig} />
        <title>{`${title} · Ops HQ`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={styles} />
        <ClientScript c={c} name="htmx.min.js" />
        <ClientScript c={c} name="admin.client.js" />
      </head>
      {body}
    </html>
  )}`
}
