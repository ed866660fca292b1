import type { Embed } from "./messageInput.ts"

/** Embeds with what Discord adds to them. */
export const keptEmbeds = (embeds: readonly Embed[]): Record<string, unknown>[] =>
  embeds.map((embed) => ({
    type: "rich",
    ...embed,
    ...(embed.fields && { fields: embed.fields.map((field) => ({ inline: false, ...field })) }),
  }))
