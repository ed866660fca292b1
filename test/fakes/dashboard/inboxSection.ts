import { html } from "hono/html"
import type { Parts } from "../parts.ts"
import type { ReceivedMail } from "../resend/inbox.ts"
import { button } from "./controls.ts"
import { timeOf } from "./format.ts"

const shown = 15

/** Mails that people write to us, and a form to write one. */
export function inboxSection({ mailbox }: Parts) {
  const { mails } = mailbox.inbox
  return html`<details class="item" id="inbox"><summary><span class="title">Write to support</span> <span class="meta">${mails.length} received</span></summary><div class="body">
<form method="post" action="/_/act" class="grid"><input type="hidden" name="action" value="receiveMail">
<label>From<input name="from" value="Ada Example <ada@example.com>" autocomplete="off"></label>
<label>To<input name="to" value="support@example.com" autocomplete="off"></label>
<label class="wide">Subject<input name="subject" autocomplete="off"></label>
<label class="wide">Text<textarea name="text" rows="4"></textarea></label>
<label class="wide">HTML, for a mail without text<textarea name="html" rows="2"></textarea></label>
<label>File name<input name="fileName" autocomplete="off"></label>
<label>What is in the file<input name="fileText" autocomplete="off"></label>
<label class="wide">More headers, one a line<textarea name="headers" rows="2" placeholder="Auto-Submitted: auto-replied"></textarea></label>
<div class="actions wide"><button class="primary">Send</button></div>
</form>
<div data-list>${mails.slice(-shown).reverse().map(item)}</div></div></details>`
}

const item = (mail: ReceivedMail) =>
  html`<details class="item" id="r-${mail.id}"><summary><span class="title">${mail.subject || "No subject"}</span>
<span class="meta">${mail.from} · ${timeOf(mail.createdAt)}</span></summary><div class="body"><pre>${mail.text ?? mail.html}</pre>
<div class="actions">${button("Deliver again", { action: "announceMail", id: mail.id })}</div></div></details>`

/** A form to answer a mail of ours as its recipient. */
export const answerForm = (mail: { id: string; to: string[] }) =>
  html`<form method="post" action="/_/act" class="grid"><input type="hidden" name="action" value="receiveMail"><input type="hidden" name="answers" value="${mail.id}">
<label>Answer as<input name="from" value="${mail.to[0] ?? ""}" autocomplete="off"></label>
<label class="wide">Text<textarea name="text" rows="3"></textarea></label>
<div class="actions wide"><button>Answer</button></div></form>`
