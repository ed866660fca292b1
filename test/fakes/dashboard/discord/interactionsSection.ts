import { html } from "hono/html"
import type { Interaction } from "../../discord/interactions/interaction.ts"
import type { DiscordWorld } from "../../discord/world.ts"
import { badge } from "../controls.ts"
import { timeOf } from "../format.ts"
import { nameOf } from "./naming.ts"
import { playButton } from "./playForm.ts"

const shown = 30

/** Every interaction with the time to its answer, and what the endpoint does with bad signatures. */
export function interactionsSection(world: DiscordWorld) {
  const all = [...world.store.interactions.values()]
  return html`<section id="interactions" aria-labelledby="interactions-title"><h2 id="interactions-title">Interactions <small>${all.length}</small></h2>
<div class="actions">${playButton("Ping the endpoint", { action: "checkEndpoint" })}${playButton("Send a bad signature", { action: "checkEndpoint", badOnly: "on" })}</div>
${world.checks.map(({ label, status, right, answer }) => html`<p class="attempt">${badge(right ? "delivered" : "failed", String(status ?? "no answer"))} <span>${label}</span> <span>${right ? "" : answer}</span></p>`)}
${all.length === 0 ? html`<p class="empty">None yet.</p>` : ""}
<div data-list>${all
    .slice(-shown)
    .reverse()
    .map((each) => item(world, each))}</div></section>`
}

const tones: Record<Interaction["outcome"], string> = {
  answered: "delivered",
  pending: "pending",
  refused: "failed",
  "not valid": "failed",
  "did not respond": "failed",
}

const item = (world: DiscordWorld, interaction: Interaction) => {
  const { id, label, user, at, outcome, milliseconds, answerType, problem } = interaction
  return html`<details class="item" id="i-${id}"><summary><span class="title">${label}</span>
<span class="meta">${nameOf(world, user)} · ${timeOf(at)}${milliseconds === null ? "" : ` · ${milliseconds} ms`}${answerType === null ? "" : ` · type ${answerType}`}</span> ${badge(tones[outcome], outcome)}</summary>
<div class="body">${problem ? html`<p class="alarm">${problem}</p>` : ""}<div class="actions">${playButton("Send it again, as a replay", { action: "replay", interaction: id })}</div>
<h3>Sent</h3><pre tabindex="0">${pretty(JSON.parse(interaction.sent.body))}</pre><h3>Answer</h3><pre tabindex="0">${pretty(interaction.answer)}</pre></div></details>`
}

const pretty = (value: unknown): string => JSON.stringify(value, null, 2)
