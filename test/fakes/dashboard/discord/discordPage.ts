import { html } from "hono/html"
import type { Parts } from "../../parts.ts"
import { document } from "../page.ts"
import { auditSection } from "./auditSection.ts"
import { channelsSection } from "./channelsSection.ts"
import { commandsSection } from "./commandsSection.ts"
import { conversationSection } from "./conversationSection.ts"
import { discordFaults } from "./discordFaults.ts"
import { discordRequestsSection } from "./discordRequestsSection.ts"
import { guildSection } from "./guildSection.ts"
import { interactionsSection } from "./interactionsSection.ts"
import { readViewer } from "./viewer.ts"
import { whoSection } from "./whoSection.ts"

/** Discord's guild, to be played in as any of its members. */
export function discordPage(parts: Parts, query: Record<string, string>) {
  const { discord, faults, links } = parts
  const { world } = discord
  const viewer = readViewer(world, query)
  const body = html`<a class="skip" href="#conversation">Skip to the conversation</a>
<header class="top"><h1>Ops HQ <span>· Discord's stand-in</span></h1>
<nav aria-label="The rest of the system"><a href="/">Stand-ins</a>${links.map(({ label, url }) => html`<a href="${url}">${label}</a>`)}</nav>
<nav class="jump" aria-label="On this page"><a href="#conversation">Conversation</a><a href="#commands">Commands</a><a href="#interactions">Interactions</a><a href="#guild">Server</a><a href="#discord-requests">Requests</a></nav></header>
<main class="columns chat"><div>${whoSection(world, viewer)}${channelsSection(world, viewer)}</div>
<div>${conversationSection(world, viewer)}${commandsSection(world, viewer)}</div>
<div>${interactionsSection(world)}${guildSection(discord, viewer)}
${discordFaults(faults.discord)}
${discordRequestsSection(discord.log)}${auditSection(world)}</div></main>
<div id="notice" role="status" aria-live="polite"></div>`
  return document(`Discord · vendors' stand-ins`, body)
}
