const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" }
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? "")

/**
 * Plain text as simple HTML: paragraphs, lines, and addresses of the web as links. `labels`: a line such as
 * `Your account: https://…` is a link under its words.
 */
export const textToHtml = (text: string, { labels = false } = {}): string =>
  text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.split("\n").map((each) => (labels && labelled(each)) || line(each)))
    .map((lines) => `<p>${lines.join("<br>\n")}</p>`)
    .join("\n")

function labelled(text: string): string | null {
  const [, label, address] = /^([^:]{1,100}): (https?:\/\/[^\s<>"']+)$/.exec(text) ?? []
  return label && address ? `<a href="${escaped(address)}">${escaped(label)}</a>` : null
}

const line = (text: string): string =>
  text
    .split(/(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/)
    .map((part, index) => (index % 2 === 1 ? `<a href="${escaped(part)}">${escaped(part)}</a>` : escaped(part)))
    .join("")
