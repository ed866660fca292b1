import { html } from "hono/html"
import type { Parts } from "../control.ts"
import type { Mail } from "../resend/mailbox.ts"
import { button } from "./parts.ts"

export function mailsSection({ mailbox }: Parts) {
  const mails = mailbox.mails.slice(-40).reverse()
  return html`<section id="mails"><h2>Mails <small>${mailbox.accepted}</small></h2>
${mails.length === 0 ? html`<p class="empty">No mail has been sent yet.</p>` : ""}
${mails.map(mail)}</section>`
}

const happenings = [
  ["Open", "opened"],
  ["Click", "clicked"],
  ["Bounce", "bounced"],
  ["Complain", "complained"],
] as const

const mail = (each: Mail) => html`<details id="mail-${each.id}"><summary><strong>${each.subject}</strong>
<small>${each.to.join(", ")} · ${each.createdAt.slice(11, 19)} <span class="badge">${each.lastEvent}</span></small></summary>
<iframe title="${each.subject}" sandbox="" loading="lazy" src="/mail/${each.id}"></iframe>
<div class="actions">${happenings.map(([label, event]) => button(label, { action: "mail", id: each.id, event }))}</div>
<details><summary>Text, headers, tags</summary><pre>${each.text}</pre><pre>${JSON.stringify({ from: each.from, headers: each.headers, tags: each.tags }, null, 2)}</pre></details>
</details>`
