import { html } from "hono/html"
import type { AskedClosing } from "../../../shared/support/transcript/askedClosing.ts"
import { portalPage } from "./portalPage.ts"

/** Asks whether a ticket is solved. The link alone closes nothing, since programs that look through mails follow it. */
export const solvedPage = (asked: AskedClosing, { action, transcript }: { action: string; transcript: string }) => {
  const title = `Is ticket #${asked.number} solved?`
  const subject = html`<p class="address" dir="auto">${asked.subject}</p>`
  const read = html`<p><a href="${transcript}">Read what was said</a></p>`
  if (asked.closed)
    return portalPage(`Ticket #${asked.number} is closed`, html`${subject}<p>Thank you for telling us.</p>${read}`)
  if (!asked.asked)
    return portalPage(
      `Ticket #${asked.number} stays open`,
      html`${subject}<p>Please tell us what is still wrong: just answer our last mail.</p>${read}`,
    )
  return portalPage(
    title,
    html`${subject}<form method="post" action="${action}">
<p><button name="solved" value="yes">Yes, close it</button></p>
<p><button name="solved" value="no" class="second">Not yet</button></p></form>${read}`,
  )
}
