import { html } from "hono/html"
import { z } from "zod"
import type { DiscordWorld } from "../../discord/world.ts"
import { formatted } from "./formatted.ts"

const text = z.string().optional().catch(undefined)
const embedShape = z.looseObject({
  title: text,
  description: text,
  url: text,
  author: z.looseObject({ name: text }).optional().catch(undefined),
  footer: z.looseObject({ text }).optional().catch(undefined),
  fields: z
    .array(z.looseObject({ name: z.string(), value: z.string() }))
    .optional()
    .catch(undefined),
})

export function embedMarkup(world: DiscordWorld, embed: Record<string, unknown>) {
  const { title, description, author, footer, fields = [] } = embedShape.parse(embed)
  return html`<div class="panel">${author?.name ? html`<p class="hint">${author.name}</p>` : ""}${title ? html`<p><strong>${title}</strong></p>` : ""}
${description ? formatted(world, description) : ""}
${fields.length > 0 ? html`<dl>${fields.map(({ name, value }) => html`<dt>${name}</dt><dd>${formatted(world, value)}</dd>`)}</dl>` : ""}
${footer?.text ? html`<p class="hint">${footer.text}</p>` : ""}</div>`
}
