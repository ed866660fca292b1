import { ChannelType } from "discord-api-types/v10"
import { html } from "hono/html"
import type { Channel } from "../../discord/model/wire.ts"
import type { DiscordWorld } from "../../discord/world.ts"
import { channelLabel, nameOf } from "./naming.ts"
import { pageOf, type Viewer } from "./viewer.ts"

/** The channels that the viewer sees, by category; then their direct messages. */
export function channelsSection(world: DiscordWorld, viewer: Viewer) {
  const inGuild = viewer.channels.filter(({ guild, thread }) => guild !== null && thread === null).toSorted(byPosition)
  const categories = inGuild.filter(({ type }) => type === ChannelType.GuildCategory)
  const below = (parent: string | null) =>
    inGuild.filter(({ type, parent_id }) => type !== ChannelType.GuildCategory && parent_id === parent)
  const direct = viewer.channels.filter(({ guild, recipients }) => guild === null && recipients.includes(viewer.as))
  return html`<section id="channels" aria-labelledby="channels-title"><h2 id="channels-title">${world.store.guild.name}</h2>
<nav aria-label="Channels">${list(world, viewer, below(null))}
${categories.map((each) => html`<h3>${each.name} <small>${below(each.id).length}</small></h3>${list(world, viewer, below(each.id))}`)}
<h3>Direct messages</h3>${direct.length > 0 ? html`<ul>${direct.map((each) => entry(world, viewer, each, nameOf(world, "100000000000000001")))}</ul>` : html`<p class="empty">None.</p>`}</nav></section>`
}

const byPosition = (a: Channel, b: Channel): number => a.position - b.position

function list(world: DiscordWorld, viewer: Viewer, channels: Channel[]) {
  if (channels.length === 0) return ""
  const threads = (parent: Channel) =>
    viewer.channels.filter(({ thread, parent_id }) => thread && parent_id === parent.id)
  return html`<ul>${channels.map((each) => [each, ...threads(each)].map((one) => entry(world, viewer, one)))}</ul>`
}

const entry = (world: DiscordWorld, { as, channel: open }: Viewer, channel: Channel, label?: string) =>
  html`<li class="${channel.thread ? "below" : ""}"><a href="${pageOf(as, channel.id)}" ${open?.id === channel.id ? 'aria-current="page"' : ""}>${label ?? channelLabel(world, channel)}</a> <small>${world.store.conversation(channel.id).length || ""}</small></li>`
