import { html } from "hono/html"
import type { Parts } from "../parts.ts"
import { badge } from "./controls.ts"
import { timeOf } from "./format.ts"

export const requestsSection = ({ mailbox }: Parts) => html`<section id="requests" aria-labelledby="requests-title">
<details class="item" id="requests-list"><summary><h2 id="requests-title">Requests to Resend <small>${mailbox.requests.length}</small></h2></summary>
<div class="body" data-list>${mailbox.requests
  .slice(-50)
  .reverse()
  .map(
    (
      request,
    ) => html`<p class="attempt"><span>${timeOf(request.at)}</span> ${badge(request.status < 300 ? "delivered" : "failed", String(request.status))}
<span>${request.method} ${request.path.replace("/resend", "")}</span> <code>${request.idempotencyKey ?? ""}</code></p>`,
  )}</div></details></section>`
