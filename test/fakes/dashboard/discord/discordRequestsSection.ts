import { html } from "hono/html"
import type { RequestLog } from "../../discord/http/requestLog.ts"
import { badge } from "../controls.ts"
import { timeOf } from "../format.ts"

const shown = 60

/** What the bot asked of Discord. */
export const discordRequestsSection = (
  log: RequestLog,
) => html`<section id="discord-requests" aria-labelledby="discord-requests-title"><h2 id="discord-requests-title">Requests to Discord <small>${log.requests.length}</small></h2>
<p class="hint">${log.invalidRequests} refused in the last 10 minutes; 10,000 are a ban.</p>
<div data-list>${log.requests
  .slice(-shown)
  .reverse()
  .map(
    ({ at, method, path, status, code, milliseconds, reason, body }) =>
      html`<details class="item"><summary><span class="title mono">${method} ${path}</span> <span class="meta">${timeOf(at)} · ${milliseconds} ms${code ? ` · ${code}` : ""}${reason ? ` · ${reason}` : ""}</span> ${badge(status !== null && status < 300 ? "delivered" : "failed", String(status ?? "dropped"))}</summary>
<div class="body"><pre tabindex="0">${JSON.stringify(body ?? null, null, 2)}</pre></div></details>`,
  )}</div></section>`
