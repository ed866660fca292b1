import { html } from "hono/html"
import type { HtmlEscapedString } from "hono/utils/html"
import type { Parts } from "../parts.ts"
import { clockSection } from "./clockSection.ts"
import { customersSection } from "./customersSection.ts"
import { discordSummary } from "./discord/discordSummary.ts"
import { faultsSection } from "./faultsSection.ts"
import { mailsSection } from "./mailsSection.ts"
import { playSection } from "./playSection.ts"
import { requestsSection } from "./requestsSection.ts"
import { webhooksSection } from "./webhooksSection.ts"

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>

export const document = (title: string, body: Markup) => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
<script src="/live.js" defer></script>
</head>
<body>${body}</body>
</html>`

export function page(parts: Parts, search: string) {
  const body = html`<a class="skip" href="#customers">Skip to customers</a>
<header class="top"><h1>Ops HQ <span>· vendors' stand-ins</span></h1>${clockSection(parts)}
${parts.links.length > 0 ? html`<nav aria-label="The rest of the system">${parts.links.map(({ label, url }) => html`<a href="${url}">${label}</a>`)}</nav>` : ""}
<nav class="jump" aria-label="On this page"><a href="#play">Play</a><a href="#customers">Customers</a><a href="#mails">Mails</a><a href="#discord">Discord</a><a href="#webhooks">Webhooks</a><a href="#faults">Faults</a></nav></header>
<main class="columns"><div>${playSection(parts)}${customersSection(parts, search)}</div>
<div>${mailsSection(parts, search)}${discordSummary(parts)}${webhooksSection(parts)}${faultsSection(parts)}${requestsSection(parts)}</div></main>
<div id="notice" role="status" aria-live="polite"></div>`
  return document("Ops HQ · vendors' stand-ins", body)
}
