import { webLink } from "./webLink.ts"

/** What of an embed is shown: its texts, and where it leads. Pictures are not loaded. */
export interface ShownEmbed {
  author: string
  title: string
  url: string | null
  description: string
  fields: { name: string; value: string }[]
  footer: string
}

/** Null for one that says nothing. An embed may be anything: bots and pages that are linked to make them. */
export function shownEmbed(embed: unknown): ShownEmbed | null {
  const fields: unknown = field(embed, "fields")
  const shown = {
    author: text(field(embed, "author"), "name", 300),
    title: text(embed, "title", 500),
    url: webLink(text(embed, "url", 2000))?.href ?? null,
    description: text(embed, "description", 8000),
    fields: (Array.isArray(fields) ? fields : [])
      .slice(0, 25)
      .map((each: unknown) => ({ name: text(each, "name", 500), value: text(each, "value", 2000) })),
    footer: text(field(embed, "footer"), "text", 3000),
  }
  const says = [shown.author, shown.title, shown.url, shown.description, shown.footer].some(Boolean)
  return says || shown.fields.length > 0 ? shown : null
}

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined

function text(value: unknown, name: string, most: number): string {
  const found = field(value, name)
  return typeof found === "string" ? found.slice(0, most).toWellFormed() : ""
}
