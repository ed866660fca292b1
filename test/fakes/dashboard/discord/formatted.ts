import { html } from "hono/html"
import type { DiscordWorld } from "../../discord/world.ts"
import type { Markup } from "../page.ts"
import { readable } from "./naming.ts"

const parts =
  /(```[\s\S]+?```|\*\*[^*\n]+\*\*|`[^`\n]+`|\[[^\]\n]+\]\(https?:[^)\s]+\)|https?:\/\/[^\s<>()]+|<(?:@[!&]?|#)\d+>)/

/** A text with the little markup that tickets are made of: bold, code, links, headings, small print and mentions. */
export function formatted(world: DiscordWorld, text: string): Markup {
  return html`<div class="said">${text.split(parts).map((part, index) => (index % 2 === 1 ? marked(world, part) : plain(world, part)))}</div>`
}

function marked(world: DiscordWorld, part: string): Markup {
  if (part.startsWith("```")) return html`<pre tabindex="0">${part.slice(3, -3).replace(/^\w*\n/, "")}</pre>`
  if (part.startsWith("**")) return html`<strong>${part.slice(2, -2)}</strong>`
  if (part.startsWith("`")) return html`<code>${part.slice(1, -1)}</code>`
  if (part.startsWith("<")) return html`<span class="mention">${readable(world, part)}</span>`
  const [, label = part, url = part] = /^\[(.+)\]\((.+)\)$/.exec(part) ?? []
  return html`<a href="${url}" rel="noreferrer">${label}</a>`
}

function plain(world: DiscordWorld, part: string): Markup {
  return html`${part.split(/(^(?:#{1,3}|-#) .*$)/m).map((line, index) => {
    if (index % 2 === 0) return readable(world, line)
    return line.startsWith("-#")
      ? html`<small>${line.slice(3)}</small>`
      : html`<strong>${line.replace(/^#+ /, "")}</strong>`
  })}`
}
