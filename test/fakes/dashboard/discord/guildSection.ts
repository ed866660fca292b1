import { PermissionFlagsBits } from "discord-api-types/v10"
import { html } from "hono/html"
import { defaultIds } from "../../discord/model/defaultGuild.ts"
import type { DiscordStandIn } from "../../discord/standIn.ts"
import { hidden } from "../controls.ts"
import { channelLabel, nameOf } from "./naming.ts"
import { playButton, playSwitch } from "./playForm.ts"
import type { Viewer } from "./viewer.ts"

/** What can be taken from the bot. */
const permissions = [
  "ViewChannel",
  "ManageChannels",
  "ManageRoles",
  "SendMessages",
  "SendMessagesInThreads",
  "CreatePrivateThreads",
  "ManageThreads",
  "ManageMessages",
  "EmbedLinks",
  "AttachFiles",
  "ReadMessageHistory",
  "MentionEveryone",
  "Administrator",
] as const

/** Members, permissions and intents, as those who run a server and an application change them. */
export function guildSection({ world, limits }: DiscordStandIn, { as, channel }: Viewer) {
  const { store } = world
  const member = store.members.get(as)
  const given = member ? [...store.roles.values()].filter(({ id, managed }) => !managed && id !== store.guild.id) : []
  const blocks = world.user(as).blocksDms
  const bot = BigInt(store.roles.get(defaultIds.roles.bot)?.permissions ?? 0)
  return html`<section id="guild" aria-labelledby="guild-title"><h2 id="guild-title">Server and application</h2>
<h3>${nameOf(world, as)}</h3><div class="actions">${member ? playButton("Leave the server", { action: "leave", as }) : playButton("Come back", { action: "join", as }, "primary")}
${playSwitch("Takes direct messages", !blocks, (to) => ({ action: "blockDms", as, blocked: to === "on" ? "off" : "on" }))}
${given.map((role) => playSwitch(role.name, member?.roles.includes(role.id) ?? false, (has) => ({ action: "setRole", as, role: role.id, has })))}
${channel && channel.guild !== null ? playButton(`Delete ${channelLabel(world, channel)}`, { action: "deleteChannel", channel: channel.id }, "danger") : ""}</div>
<form method="post" action="/_/discord/act" class="rewrite">${hidden({ action: "join" })}<input name="name" placeholder="Name of somebody new" aria-label="Name of somebody new" maxlength="32"><button>Join</button></form>
<h3>What the bot's role may do</h3><div class="actions">${permissions.map((name) =>
    playSwitch(words(name), (bot & PermissionFlagsBits[name]) !== 0n, (on) => ({
      action: "rolePermission",
      role: defaultIds.roles.bot,
      permission: name,
      on,
    })),
  )}</div>
<h3>Application and limits</h3><div class="actions">
${playSwitch("Message content intent", world.messageContent, (to) => ({ action: "switch", messageContent: to }))}
${playSwitch("Server members intent", world.guildMembers, (to) => ({ action: "switch", guildMembers: to }))}
${playSwitch("Rate limits", limits.enabled, (to) => ({ action: "switch", rateLimits: to }))}
${playButton("Expire links now", { action: "expireLinks" })}
${channel ? playButton("Others use up this channel for 10 s", { action: "exhaust", channel: channel.id }) : ""}</div></section>`
}

/** `ManageChannels` as people read it. */
const words = (name: string): string => {
  const spaced = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase()
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}
