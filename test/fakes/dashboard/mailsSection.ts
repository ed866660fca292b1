import { html } from "hono/html"
import type { Parts } from "../parts.ts"
import type { Mail } from "../resend/mailbox.ts"
import { badge, button } from "./controls.ts"
import { timeOf } from "./format.ts"
import { answerForm, inboxSection } from "./inboxSection.ts"

const shown = 25

export function mailsSection(parts: Parts, search: string) {
  const { mailbox } = parts
  const wanted = mailbox.mails.filter((mail) => `${mail.to.join(" ")} ${mail.subject}`.toLowerCase().includes(search))
  return html`<section id="mails" aria-labelledby="mails-title"><h2 id="mails-title">Mails <small>${mailbox.accepted}</small></h2>
${inboxSection(parts)}
${mailbox.doubles.length > 0 ? html`<p class="alarm">${mailbox.doubles.length} sent more than once by their tag.</p>` : ""}
${wanted.length === 0 ? html`<p class="empty">No mail has been sent yet.</p>` : ""}
<div data-list>${wanted
    .slice(-shown)
    .reverse()
    .map((mail) => mailItem(mail))}</div>${suppressions(mailbox.suppressed)}</section>`
}

const happenings = [
  ["Deliver", "delivered"],
  ["Open", "opened"],
  ["Click", "clicked"],
  ["Bounce", "bounced"],
  ["Bounce softly", "bounced_softly"],
  ["Complain", "complained"],
] as const

const mailItem = (
  mail: Mail,
) => html`<details class="item" id="m-${mail.id}"><summary><span class="title">${mail.subject || "No subject"}</span>
<span class="meta">${mail.to.join(", ")} · ${timeOf(mail.createdAt)}</span> ${badge(mail.lastEvent)}</summary>
<div class="body"><iframe title="${mail.subject}" sandbox="" loading="lazy" src="/mail/${mail.id}"></iframe>
<div class="actions">${happenings.map(([label, event]) => button(label, { action: "mail", id: mail.id, event }))}</div>
<dl><dt>From</dt><dd>${mail.from}</dd>
${mail.replyTo.length > 0 ? html`<dt>Reply to</dt><dd>${mail.replyTo.join(", ")}</dd>` : ""}
${mail.tags.map(({ name, value }) => html`<dt>${name}</dt><dd>${value}</dd>`)}
${(mail.attachments ?? []).map(({ filename, content }) => html`<dt>File</dt><dd>${filename} (${Buffer.from(content, "base64").length} bytes)</dd>`)}
${Object.entries(mail.headers).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
<dt>Idempotency-Key</dt><dd>${mail.idempotencyKey ?? "none"}</dd>
<dt>Happened</dt><dd>${Object.entries(mail.events)
  .map(([event, times]) => (times > 1 ? `${event} ×${times}` : event))
  .join(", ")}</dd></dl>
<details id="answer-${mail.id}"><summary>Answer</summary>${answerForm(mail)}</details>
<details id="text-${mail.id}"><summary>Plain text</summary><pre>${mail.text || "(none)"}</pre></details></div></details>`

const suppressions = (suppressed: Map<string, string>) =>
  suppressed.size === 0
    ? ""
    : html`<details class="item" id="suppressions"><summary><span class="title">Suppressed addresses</span> <span class="meta">${suppressed.size}</span></summary>
<div class="body">${[...suppressed].map(
        ([address, reason]) =>
          html`<div class="row"><div class="what"><span>${address}</span> ${badge(reason)}</div><div class="actions">${button("Forget", { action: "unsuppress", address })}</div></div>`,
      )}</div></details>`
