import type { HttpBindings } from "@hono/node-server"
import { Hono } from "hono"
import { html } from "hono/html"
import type { Parts } from "../control.ts"
import { clientScript } from "./clientScript.ts"
import { customersSection } from "./customersSection.ts"
import { faultsSection } from "./faultsSection.ts"
import { mailsSection } from "./mailsSection.ts"
import { playSection } from "./playSection.ts"
import { stylesheet } from "./stylesheet.ts"
import { webhooksSection } from "./webhooksSection.ts"

/** A page to play a customer, read every mail and see every webhook. */
export function dashboard(parts: Parts) {
  const app = new Hono<{ Bindings: HttpBindings }>()
  const { world, events, mailbox } = parts

  app.get("/", (c) =>
    c.html(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Ops HQ · vendors' stand-ins</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
<script src="/live.js" defer></script>
</head>
<body>
<header><h1>Ops HQ <span>vendors' stand-ins</span></h1>
<nav aria-label="The rest of the system">${parts.links.map(({ label, url }) => html`<a href="${url}">${label}</a>`)}</nav></header>
<main>
<div class="columns">
<div>${playSection(parts)}${customersSection(parts)}</div>
<div>${mailsSection(parts)}${webhooksSection(parts)}${faultsSection(parts)}</div>
</div>
</main>
</body>
</html>`),
  )
  app.get("/style.css", (c) => c.body(stylesheet, 200, { "content-type": "text/css; charset=utf-8" }))
  app.get("/live.js", (c) => c.body(clientScript, 200, { "content-type": "text/javascript; charset=utf-8" }))
  app.get("/pulse", (c) => {
    const told = [...events.deliveries, ...mailbox.deliveries]
    return c.json([
      told.length,
      told.filter(({ status }) => status !== "pending").length,
      mailbox.accepted,
      world.all("customer").length,
    ])
  })
  app.get("/mail/:id", (c) => {
    const mail = mailbox.mails.find(({ id }) => id === c.req.param("id"))
    if (!mail) return c.text("No such mail.", 404)
    // Shown in a sandboxed frame; nothing in a mail may run or load.
    c.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox")
    return c.html(mail.html)
  })
  app.get("/pay/:id", (c) => {
    const invoice = world.get(c.req.param("id"))
    if (!invoice) return c.text("No such invoice.", 404)
    return c.html(html`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pay an invoice</title><link rel="stylesheet" href="/style.css"><main class="narrow"><section><h2>Invoice ${String(invoice.number)}</h2>
<p>Status: ${String(invoice.status)}</p>
<form method="post" action="/_/act"><input type="hidden" name="action" value="pay"><input type="hidden" name="invoice" value="${invoice.id}">
<input type="hidden" name="card" value="works"><button>Pay with a working card</button></form></section></main></html>`)
  })
  return app
}
