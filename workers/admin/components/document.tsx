import { html } from "hono/html"
import type { Child } from "hono/jsx"
import type { AdminRequest } from "../adminApp.ts"
import { assetHref } from "../assets/assets.ts"

/** htmx never evaluates text as code and adds no style of its own: see headers.ts. */
const htmxConfig = JSON.stringify({
  allowEval: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  scrollIntoViewOnBoost: false,
})

export function document(c: AdminRequest, title: string, body: Child) {
  const nonce = c.get("secureHeadersNonce")
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
        <link rel="stylesheet" href={assetHref("styles.css")} />
        <script defer nonce={nonce} src={assetHref("htmx.js")} />
        <script defer nonce={nonce} src={assetHref("admin.js")} />
      </head>
      {body}
    </html>
  )}`
}
