import { PermissionFlagsBits } from "discord-api-types/v10"
import { html } from "hono/html"
import type { Channel } from "../../discord/model/wire.ts"
import { seenMessages } from "../../discord/people/seen.ts"
import { compareIds } from "../../discord/snowflakes.ts"
import { may } from "../../discord/verbs/permit.ts"
import type { DiscordWorld } from "../../discord/world.ts"
import { badge, hidden } from "../controls.ts"
import { messageItem } from "./messageItem.ts"
import { modalForm } from "./modalForm.ts"
import { channelLabel } from "./naming.ts"
import { pageOf, type Viewer } from "./viewer.ts"

const shown = 50

/** What the viewer sees of the open channel, what they have open, and where they write. */
export function conversationSection(world: DiscordWorld, viewer: Viewer) {
  const { as, channel, before } = viewer
  if (!channel)
    return html`<section id="conversation" aria-label="Conversation"><p class="empty">They see no channel.</p></section>`
  const seen = seenMessages(world, as, channel).filter(({ id }) => !before || compareIds(id, before) < 0)
  const page = seen.slice(-shown)
  const oldest = page[0]
  const interactions = [...world.store.interactions.values()].filter(({ user }) => user === as)
  const open = interactions.filter((each) => each.modal !== null && each.channel === channel.id)
  return html`<section id="conversation" aria-labelledby="conversation-title"><h2 id="conversation-title">${channelLabel(world, channel)} ${channel.thread?.archived ? badge("paused", "archived") : ""}</h2>
${channel.topic ? html`<p class="hint">${channel.topic}</p>` : ""}
${seen.length > shown && oldest ? html`<p><a href="${pageOf(as, channel.id, oldest.id)}">Older messages</a></p>` : ""}
${before ? html`<p><a href="${pageOf(as, channel.id)}">Newest messages</a></p>` : ""}
${page.length === 0 ? html`<p class="empty">Nothing here yet.</p>` : ""}
<ol class="log" data-log tabindex="0" aria-label="Messages">${page.map((message) => messageItem(world, viewer, message))}</ol>
${failure(interactions.at(-1), channel)}
${open.map((each) => (each.modal ? modalForm(world, each, each.modal) : ""))}
${compose(world, viewer, channel)}</section>`
}

/** What Discord says below a message when the application failed. */
function failure(
  last: { outcome: string; problem: string | null; channel: string; label: string } | undefined,
  channel: Channel,
) {
  if (!last || last.channel !== channel.id || last.outcome === "answered" || last.outcome === "pending") return ""
  return html`<p class="alarm" role="alert">${last.label}: ${last.outcome === "did not respond" ? "The application did not respond" : "This interaction failed"}. <span class="hint">${last.outcome === "did not respond" ? "" : (last.problem ?? "")}</span></p>`
}

function compose(world: DiscordWorld, { as, user }: Viewer, channel: Channel) {
  if (!may(world, as, channel, PermissionFlagsBits.SendMessages))
    return html`<p class="hint">${user.global_name} may not write here.</p>`
  return html`<form method="post" action="/_/discord/act" enctype="multipart/form-data" class="compose" id="compose-${channel.id}-${as}" data-clear>${hidden({ action: "say", as, channel: channel.id })}
<label><span>Write as ${user.global_name ?? user.username}</span><textarea name="content" rows="2" maxlength="4000"></textarea></label>
<div class="actions"><input type="file" name="file:files" multiple aria-label="Files"><button class="primary">Send</button></div></form>`
}
