import { ApplicationCommandType, MessageFlags, MessageType, PermissionFlagsBits } from "discord-api-types/v10"
import { html } from "hono/html"
import type { Attachment, Message } from "../../discord/model/wire.ts"
import { offeredCommands } from "../../discord/people/useCommand.ts"
import { may } from "../../discord/verbs/permit.ts"
import type { DiscordWorld } from "../../discord/world.ts"
import { hidden } from "../controls.ts"
import { timeOf } from "../format.ts"
import { componentMarkup } from "./componentMarkup.ts"
import { embedMarkup } from "./embedMarkup.ts"
import { formatted } from "./formatted.ts"
import { nameOf, readable } from "./naming.ts"
import { playButton } from "./playForm.ts"
import type { Viewer } from "./viewer.ts"

/** A message of a conversation, with what the viewer can do with it. */
export function messageItem(world: DiscordWorld, viewer: Viewer, message: Message) {
  const { store } = world
  const { as } = viewer
  const { id, channel_id: channel, author, content, timestamp, edited_timestamp, flags } = message
  const pinged = message.mentions.includes(as) || rolesPing(world, as, message) || message.mention_everyone
  const loading = (flags & MessageFlags.Loading) !== 0
  const answered = store.interactions.get(message.interaction ?? "")
  const repliedTo = store.messages.get(message.reply_to ?? "")
  return html`<li id="dm-${id}" class="message ${pinged ? "pinged" : ""} ${message.ephemeral_for ? "private" : ""}">
<p class="byline"><strong>${nameOf(world, author)}</strong>${store.isBot(author) ? html` <span class="badge">app</span>` : ""} <time datetime="${timestamp}">${timeOf(timestamp)}</time>
${edited_timestamp ? html`<span class="hint">edited</span>` : ""}${message.pinned ? html`<span class="hint">pinned</span>` : ""}${answered ? html`<span class="hint">${nameOf(world, answered.user)}: ${answered.label}</span>` : ""}</p>
${repliedTo ? html`<p class="hint quote">${nameOf(world, repliedTo.author)}: ${readable(world, repliedTo.content).slice(0, 100)}</p>` : ""}
${message.type === MessageType.RecipientAdd ? html`<p class="hint">added ${readable(world, content)} to the thread.</p>` : ""}
${loading ? html`<p class="hint">is thinking …</p>` : ""}
${content && message.type !== MessageType.RecipientAdd ? formatted(world, content) : ""}
${message.embeds.map((embed) => embedMarkup(world, embed))}
${message.attachments.flatMap((each) => store.attachments.get(each) ?? []).map((each) => attachmentMarkup(world, each))}
${message.components.map((component) => componentMarkup({ world, as, channel, message: id }, component))}
${message.ephemeral_for ? html`<p class="hint">Only ${nameOf(world, message.ephemeral_for)} sees this.</p>` : ""}
${doings(world, viewer, message)}</li>`
}

const rolesPing = (world: DiscordWorld, as: string, { mention_roles }: Message): boolean =>
  (world.store.members.get(as)?.roles ?? []).some((role) => mention_roles.includes(role))

function attachmentMarkup(world: DiscordWorld, attachment: Attachment) {
  const { filename, size, content_type } = attachment
  const url = world.cdn.link(attachment)
  const picture = /^image\/(png|jpeg|gif|webp)$/.test(content_type)
  return html`<p class="file">${picture ? html`<img src="${url}" alt="" loading="lazy">` : ""}<a href="${url}" rel="noreferrer">${filename}</a> <span class="hint">${Math.ceil(size / 1024)} KB</span></p>`
}

/** Own messages are edited and deleted; the application's menu is there for all. */
function doings(world: DiscordWorld, { as }: Viewer, message: Message) {
  const { id, channel_id: channel, content } = message
  const own = message.author === as
  const place = world.channel(channel)
  const deletes = own || message.ephemeral_for === as || may(world, as, place, PermissionFlagsBits.ManageMessages)
  const menu = message.ephemeral_for
    ? []
    : offeredCommands(world, as).filter(({ type }) => type === ApplicationCommandType.Message)
  if (!own && !deletes && menu.length === 0) return ""
  return html`<details class="doings" id="do-${id}"><summary>More</summary><div class="actions">
${menu.map(({ name }) => playButton(name, { action: "menuCommand", as, channel, name, target: id }))}
${own ? html`<form method="post" action="/_/discord/act" class="rewrite">${hidden({ action: "edit", as, channel, message: id })}<input name="content" value="${content}" aria-label="New text"><button>Edit</button></form>` : ""}
${deletes ? playButton(message.ephemeral_for ? "Dismiss" : "Delete", { action: "delete", as, channel, message: id }, "danger") : ""}</div></details>`
}
