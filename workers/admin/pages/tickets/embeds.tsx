import * as z from "zod/mini"

const text = z.catch(z.optional(z.string()), undefined)

/** What of an embed is read; it is Discord's, or whoever's bot it is. */
const embed = z.object({
  title: text,
  description: text,
  author: z.catch(z.optional(z.object({ name: text })), undefined),
  footer: z.catch(z.optional(z.object({ text })), undefined),
  fields: z.catch(z.optional(z.array(z.object({ name: text, value: text })).check(z.maxLength(50))), undefined),
})

/** Embeds as text: nothing of them is loaded or led to. */
export const Embeds = ({ embeds }: { embeds: unknown[] }) => {
  const shown = embeds.flatMap((each) => {
    const read = embed.safeParse(each).data
    const lines = read
      ? [
          read.author?.name,
          read.title,
          read.description,
          ...(read.fields ?? []).map(({ name, value }) => [name, value].filter(Boolean).join(": ")),
          read.footer?.text,
        ].filter((line) => line !== undefined && line !== "")
      : []
    return lines.length > 0 ? [lines] : []
  })
  return shown.map((lines) => (
    <blockquote class="embed">
      {lines.map((line) => (
        <p class="plain-text">{line}</p>
      ))}
    </blockquote>
  ))
}
