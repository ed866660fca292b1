import { html } from "hono/html"
import type { AskedRating } from "../../../shared/support/transcript/askedRating.ts"
import { portalPage } from "./portalPage.ts"

const words = ["very bad", "bad", "so-so", "good", "very good"]

/**
 * Asks how a ticket went, with `stars` chosen already where a link says so. The link alone rates nothing, since programs that
 * look through mails follow it: sending the form does.
 */
export const ratingPage = (asked: AskedRating, { action, stars }: { action: string; stars: number | null }) => {
  const title = `How did we do with ticket #${asked.number}?`
  if (!asked.closed)
    return portalPage(title, html`<p>This ticket is open again. You can rate it once it is closed.</p>`)
  const chosen = stars ?? asked.rating
  return portalPage(
    title,
    html`<p class="address" dir="auto">${asked.subject}</p>
<form method="post" action="${action}" class="rating"><fieldset><legend>Your rating</legend>${words.map(
      (word, index) =>
        html`<label><input type="radio" name="rating" value="${index + 1}" required${chosen === index + 1 ? html` checked` : ""}> ${index + 1} of 5, ${word}</label>`,
    )}</fieldset>
<label>Anything you want to add?<textarea name="comment" rows="3" maxlength="1000">${asked.comment ?? ""}</textarea></label>
<button>Send this rating</button></form>`,
  )
}
