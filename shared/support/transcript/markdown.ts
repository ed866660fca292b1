import { html, type SafeHtml } from "./safeHtml.ts"
import { webLink } from "./webLink.ts"

/** Names of those that a text mentions, by Discord id. */
export type Names = ReadonlyMap<string, string>

/** Deeper than this, marks are shown as they are. */
const deepest = 8

/** Discord's Markdown as HTML. Nothing of the text is markup of its own; links lead to the web only and name their host. */
export function renderMarkdown(text: string, names: Names = new Map()): SafeHtml {
  const parts: SafeHtml[] = []
  let from = 0
  for (const { index, 0: whole, 1: code } of text.matchAll(/```(?:[\w+#.-]{0,30}\n)?([\s\S]+?)```/g)) {
    parts.push(...lines(text.slice(from, index), names), html`<pre><code>${code?.replace(/\n$/, "")}</code></pre>`)
    from = index + whole.length
  }
  return html`${[...parts, ...lines(text.slice(from), names)]}`
}

function lines(text: string, names: Names): SafeHtml[] {
  if (text === "") return []
  const shown: SafeHtml[] = []
  const all = text.split("\n")
  for (let at = 0; at < all.length; at++) {
    const line = all[at] ?? ""
    if (line.startsWith(">>> ")) {
      const rest = [line.slice(4), ...all.slice(at + 1)].join("\n")
      return [...shown, html`<blockquote>${inline(rest, names)}</blockquote>`]
    }
    if (line.startsWith("> ")) {
      const quoted = [line.slice(2)]
      while (all[at + 1]?.startsWith("> ")) quoted.push((all[++at] ?? "").slice(2))
      shown.push(html`<blockquote>${inline(quoted.join("\n"), names)}</blockquote>`)
      continue
    }
    const heading = /^(#{1,3}|-#) +(.+)$/.exec(line)
    const item = /^( {0,8})[-*] +(.+)$/.exec(line)
    if (heading?.[1] === "-#") shown.push(html`<small>${inline(heading[2] ?? "", names)}</small>`)
    else if (heading) shown.push(html`<strong class="heading">${inline(heading[2] ?? "", names)}</strong>`)
    else if (item) shown.push(html`${item[1]}• ${inline(item[2] ?? "", names)}`)
    else shown.push(inline(line, names))
    if (at < all.length - 1) shown.push(html`\n`)
  }
  return shown
}

const pairs = [
  { mark: "**", tag: (inner: SafeHtml) => html`<strong>${inner}</strong>` },
  { mark: "__", tag: (inner: SafeHtml) => html`<u>${inner}</u>` },
  { mark: "~~", tag: (inner: SafeHtml) => html`<s>${inner}</s>` },
  { mark: "||", tag: (inner: SafeHtml) => html`<span class="spoiler">${inner}</span>` },
  { mark: "*", tag: (inner: SafeHtml) => html`<em>${inner}</em>` },
  { mark: "_", tag: (inner: SafeHtml) => html`<em>${inner}</em>` },
]

const word = /[\p{L}\p{N}_]/u

function inline(text: string, names: Names, depth = 0): SafeHtml {
  const parts: (SafeHtml | string)[] = []
  /** Marks that do not come again: looking for each only once keeps long texts quick. */
  const absent = new Set<string>()
  let plain = 0
  let at = 0
  const find = (mark: string, from: number): number => {
    if (absent.has(mark)) return -1
    const found = text.indexOf(mark, from)
    if (found < 0) absent.add(mark)
    return found
  }
  const put = (part: SafeHtml | string, length: number) => {
    parts.push(text.slice(plain, at), part)
    at += length
    plain = at
  }
  while (at < text.length) {
    const special = taken(text, at, find, names, depth)
    if (special) put(special.part, special.length)
    else at++
  }
  parts.push(text.slice(plain))
  return html`${parts}`
}

type Taken = { part: SafeHtml | string; length: number } | null

function taken(
  text: string,
  at: number,
  find: (mark: string, from: number) => number,
  names: Names,
  depth: number,
): Taken {
  const char = text[at]
  switch (char) {
    case "\\": {
      const next = text[at + 1]
      return next && /[\p{P}\p{S}]/u.test(next) ? { part: next, length: 2 } : null
    }
    case "`":
      return code(text, at, find)
    case "<":
      return angled(text, at, names)
    case "[":
      return depth < deepest ? masked(text, at, find) : null
    case "h":
      return /^https?:\/\//.test(text.slice(at, at + 8)) && !word.test(text[at - 1] ?? "") ? bare(text, at) : null
    case "*":
    case "_":
    case "~":
    case "|":
      return depth < deepest ? paired(text, at, find, names, depth) : null
    default:
      return null
  }
}

function code(text: string, at: number, find: (mark: string, from: number) => number): Taken {
  const mark = text.startsWith("``", at) ? "``" : "`"
  const end = find(mark, at + mark.length)
  if (end <= at + mark.length) return null
  return { part: html`<code>${text.slice(at + mark.length, end)}</code>`, length: end + mark.length - at }
}

function paired(
  text: string,
  at: number,
  find: (mark: string, from: number) => number,
  names: Names,
  depth: number,
): Taken {
  const char = text[at]
  for (const { mark, tag } of pairs) {
    if (!text.startsWith(mark, at)) continue
    const from = at + mark.length
    const first = find(mark, from + 1)
    // Of `**bold *and it***` the first star ends what is within.
    const end = first >= 0 && mark.length === 2 && text[first + 2] === char ? first + 1 : first
    if (end < 0 || (mark.length === 1 && /\s/.test(text[from] ?? " "))) continue
    // snake_case is no emphasis.
    if (mark === "_" && (word.test(text[at - 1] ?? "") || word.test(text[end + 1] ?? ""))) continue
    return { part: tag(inline(text.slice(from, end), names, depth + 1)), length: end + mark.length - at }
  }
  return null
}

const longestAngled = 2000

/** Mentions, emoji, moments, and links that are not to unfold. */
function angled(text: string, at: number, names: Names): Taken {
  const end = text.slice(at, at + longestAngled).indexOf(">")
  if (end < 0) return null
  const inner = text.slice(at + 1, at + end)
  const length = end + 1
  const user = /^@!?(\d{1,20})$/.exec(inner)?.[1]
  if (user) return { part: html`<span class="mention">@${names.get(user) ?? `user ${user}`}</span>`, length }
  const other = /^(@&|#)(\d{1,20})$/.exec(inner)
  if (other)
    return {
      part: html`<span class="mention" title="${other[2]}">${other[1] === "#" ? "#channel" : "@role"}</span>`,
      length,
    }
  const emoji = /^a?(:\w{1,40}:)\d{1,20}$/.exec(inner)?.[1]
  if (emoji) return { part: emoji, length }
  const seconds = Number(/^t:(-?\d{1,12})(:[tTdDfFR])?$/.exec(inner)?.[1] ?? Number.NaN)
  if (Math.abs(seconds) < 8.64e12) {
    const moment = new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")
    return { part: html`<time>${moment} UTC</time>`, length }
  }
  const url = webLink(inner)
  return url && { part: anchor(url, inner), length }
}

function masked(text: string, at: number, find: (mark: string, from: number) => number): Taken {
  const middle = find("](", at + 1)
  if (middle <= at + 1 || middle - at > 1000) return null
  const target = /^<?(https?:\/\/[^\s()<>]+)>?(?: +"[^"\n]{0,200}")?\)/i.exec(
    text.slice(middle + 2, middle + 2 + longestAngled),
  )
  const url = webLink(target?.[1] ?? "")
  if (!target || !url) return null
  const length = middle + 2 + target[0].length - at
  return {
    part: html`${anchor(url, text.slice(at + 1, middle))} <span class="host">(${url.host})</span>`,
    length,
  }
}

function bare(text: string, at: number): Taken {
  const [found = ""] = /^[^\s<>"]+/.exec(text.slice(at, at + longestAngled)) ?? []
  const address = found.replace(/[.,:;!?'")\]*_~|]+$/, "")
  const url = webLink(address)
  return url && { part: anchor(url, address), length: address.length }
}

const anchor = (url: URL, label: string) =>
  html`<a href="${url.href}" rel="noopener noreferrer nofollow" target="_blank">${label}</a>`
