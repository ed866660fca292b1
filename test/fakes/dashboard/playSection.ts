import { html } from "hono/html"
import type { Parts } from "../parts.ts"
import { cardChoices, priceChoices } from "./choices.ts"

const countries = ["DE", "FR", "NL", "SE", "FI", "IE", "GB", "US", "CA", "AU", "JP"]

export function playSection({ world }: Parts) {
  return html`<section id="play" aria-labelledby="play-title"><h2 id="play-title">Play a customer</h2>
<form method="post" action="/_/act" class="grid"><input type="hidden" name="action" value="subscribe">
<label>Name<input name="name" value="Ada Example" autocomplete="off" maxlength="200"></label>
<label>E-mail<input name="email" type="email" value="ada@example.com" autocomplete="off"></label>
<label>Country<input name="country" value="DE" list="countries" maxlength="2" pattern="[A-Za-z]{2}" autocomplete="off"></label>
<datalist id="countries">${countries.map((code) => html`<option value="${code}">`)}</datalist>
<label>Card<select name="card">${cardChoices.map(([value, label]) => html`<option value="${value}">${label}</option>`)}<option value="none">No card</option></select></label>
<label class="wide">Plan<select name="price">${priceChoices(world).map(([id, label]) => html`<option value="${id}">${label}</option>`)}</select></label>
<div class="actions wide"><button class="primary">Subscribe</button><button name="trialDays" value="7">Start 7-day trial</button></div>
</form>
<p class="hint">Mail to <code>bounce+…</code>, <code>softbounce+…</code>, <code>complain+…</code>, <code>delay+…</code>, <code>open+…</code> or <code>click+…</code> behaves like its name.</p>
</section>`
}
