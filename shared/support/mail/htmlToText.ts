import { decodeEntities } from "./decodeEntities.ts"

/** Elements whose content is nothing to read. */
const silent = new Set(["script", "style", "head", "title", "template", "svg", "math", "object", "noscript", "iframe"])
const blocks = new Set(
  "address article aside blockquote center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul".split(
    " ",
  ),
)
const paragraphs = new Set("p h1 h2 h3 h4 h5 h6 ul ol table blockquote pre".split(" "))
const deepestQuote = 5

/**
 * What a person reads of a mail that is HTML only: its text with its paragraphs, the addresses of links, and quotations
 * marked by `>`. One pass over the characters, whatever is wrong with the markup; nothing of it comes through.
 */
export function htmlToText(html: string): string {
  const written = new Written()
  let skipping: string | null = null
  const links: { href: string; from: number }[] = []
  for (const token of tokens(html)) {
    if (skipping !== null) {
      if (token.kind === "tag" && token.closing && token.name === skipping) skipping = null
    } else if (token.kind === "text") written.text(decodeEntities(token.text))
    else if (silent.has(token.name)) {
      if (!token.closing && !token.empty) skipping = token.name
    } else if (token.name === "br") written.line()
    else if (token.name === "a") {
      if (!token.closing) links.push({ href: attribute(token.attributes, "href"), from: written.length })
      else {
        const link = links.pop()
        if (link) written.address(link.href, link.from)
      }
    } else if (token.name === "img") {
      const alt = attribute(token.attributes, "alt").trim()
      if (alt !== "") written.text(`[${alt.slice(0, 100)}]`)
    } else if (token.name === "td" || token.name === "th") written.text(" ")
    else if (blocks.has(token.name)) {
      written.block(paragraphs.has(token.name))
      if (token.name === "blockquote") written.quote(token.closing ? -1 : 1)
      if (token.name === "li" && !token.closing) written.text("- ")
    }
  }
  return written.result()
}

class Written {
  private readonly done: string[] = []
  private current = ""
  private depth = 0
  length = 0

  text(text: string): void {
    const plain = text.replaceAll(/\s+/g, " ")
    const added = this.current === "" || this.current.endsWith(" ") ? plain.trimStart() : plain
    this.current += added
    this.length += added.length
  }

  line(): void {
    this.done.push(this.depth > 0 ? `${"> ".repeat(Math.min(this.depth, deepestQuote))}${this.current}` : this.current)
    this.current = ""
  }

  /** Ends the line; a paragraph is set apart by an empty one. */
  block(apart: boolean): void {
    if (this.current.trim() !== "") this.line()
    if (apart && this.done.length > 0 && !/^[> ]*$/.test(this.done.at(-1) ?? "")) this.line()
  }

  quote(change: 1 | -1): void {
    this.depth = Math.max(0, this.depth + change)
  }

  /** Where a link leads, unless its own text says it. */
  address(href: string, from: number): void {
    const target = href.trim().replaceAll(/\s/g, "").slice(0, 500)
    const shown = this.current.slice(Math.max(0, this.current.length - (this.length - from))).trim()
    if (/^https?:\/\//i.test(target) && shown !== target && !target.endsWith(`//${shown}`)) this.text(` (${target})`)
  }

  result(): string {
    this.block(false)
    while (/^[> ]*$/.test(this.done.at(-1) ?? "end")) this.done.pop()
    return this.done
      .map((line) => line.trimEnd())
      .join("\n")
      .replaceAll(/\n{3,}/g, "\n\n")
      .trim()
  }
}

type Token =
  | { kind: "text"; text: string }
  | { kind: "tag"; name: string; closing: boolean; empty: boolean; attributes: string }

/** Tags and what is between them. What is in quotation marks does not end a tag; what never ends is left out. */
function* tokens(html: string): Generator<Token> {
  let at = 0
  while (at < html.length) {
    const start = html.indexOf("<", at)
    if (start < 0) {
      yield { kind: "text", text: html.slice(at) }
      return
    }
    if (start > at) yield { kind: "text", text: html.slice(at, start) }
    const next = html[start + 1] ?? ""
    if (html.startsWith("<!--", start)) {
      const end = html.indexOf("-->", start + 4)
      if (end < 0) return
      at = end + 3
    } else if (next === "!" || next === "?") {
      const end = html.indexOf(">", start)
      if (end < 0) return
      at = end + 1
    } else if (/[a-z/]/i.test(next)) {
      const end = endOfTag(html, start + 1)
      if (end < 0) return
      const inner = html.slice(start + 1, end)
      const [, slash, name = "", attributes = ""] = /^(\/?)([a-z][a-z0-9]*)?([\s\S]*)$/i.exec(inner) ?? []
      yield { kind: "tag", name: name.toLowerCase(), closing: slash === "/", empty: inner.endsWith("/"), attributes }
      at = end + 1
    } else {
      yield { kind: "text", text: "<" }
      at = start + 1
    }
  }
}

function endOfTag(html: string, from: number): number {
  let quote = ""
  for (let at = from; at < html.length; at++) {
    const character = html[at] ?? ""
    if (quote !== "") {
      if (character === quote) quote = ""
    } else if (character === ">") return at
    else if ((character === '"' || character === "'") && html[at - 1] === "=") quote = character
  }
  return -1
}

function attribute(attributes: string, name: string): string {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, "i").exec(
    attributes.slice(0, 10_000),
  )
  return decodeEntities(found?.[1] ?? found?.[2] ?? found?.[3] ?? "")
}
