import { html } from "hono/html"
import type { Parts } from "../../parts.ts"

/** Of the first page: the way to Discord. */
export function discordSummary({ discord }: Parts) {
  const { store } = discord.world
  const failed = [...store.interactions.values()].filter(
    ({ outcome }) => outcome !== "answered" && outcome !== "pending",
  )
  return html`<section id="discord" aria-labelledby="discord-title"><h2 id="discord-title">Discord</h2>
<p>${store.guild.name}: ${store.members.size} members, ${store.channels.size} channels, ${store.messages.size} messages, ${store.interactions.size} interactions${failed.length > 0 ? html`, <strong>${failed.length} of them failed</strong>` : ""}.</p>
<p><a class="button" href="/discord">Play a member, read the tickets</a></p></section>`
}
