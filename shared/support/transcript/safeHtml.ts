/** HTML in which every text from elsewhere has been escaped. */
export class SafeHtml {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = SafeHtml | string | number | null | undefined | false | readonly Part[]

/** What is put in is escaped, unless it is such HTML itself. */
export const html = (texts: TemplateStringsArray, ...parts: Part[]): SafeHtml =>
  new SafeHtml(texts.map((text, index) => text + (index < parts.length ? shown(parts[index]) : "")).join(""))

function shown(part: Part): string {
  if (part instanceof SafeHtml) return part.text
  if (Array.isArray(part)) return part.map(shown).join("")
  return part === null || part === undefined || part === false ? "" : escapeHtml(String(part))
}

/**
 * For text between tags and in quoted attributes. Left out are control characters and the marks that turn the direction of
 * writing round, by which a text reads as another.
 */
export const escapeHtml = (text: string): string =>
  text
    .replaceAll(/[\u202A-\u202E\u2066-\u2069]|(?![\n\t])\p{Cc}/gu, "")
    .toWellFormed()
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;")
