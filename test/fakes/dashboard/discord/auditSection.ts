import { AuditLogEvent } from "discord-api-types/v10"
import { html } from "hono/html"
import { madeAt } from "../../discord/snowflakes.ts"
import type { DiscordWorld } from "../../discord/world.ts"
import { timeOf } from "../format.ts"

const shown = 40

/** What the bot did, with the reasons it gave. */
export const auditSection = ({ store }: DiscordWorld) => html`<section id="audit" aria-labelledby="audit-title">
<details class="item" id="audit-list"><summary><h2 id="audit-title">Audit log <small>${store.audit.length}</small></h2></summary>
<div class="body" data-list>${store.audit
  .slice(-shown)
  .reverse()
  .map(
    ({ id, action_type, target_id, reason }) =>
      html`<p class="attempt"><span>${timeOf(madeAt(id).toISOString())}</span> <span>${AuditLogEvent[action_type] ?? action_type}</span> <code>${store.channels.get(target_id)?.name ?? target_id}</code> <span>${reason ?? ""}</span></p>`,
  )}</div></details></section>`
