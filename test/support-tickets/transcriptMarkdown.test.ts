import fc from "fast-check"
import { expect, test } from "vitest"
import { renderMarkdown } from "../../shared/support/transcript/markdown.ts"

const names = new Map([["1", "Ada <3"]])
const shown = (text: string) => renderMarkdown(text, names).text
const link = (href: string, label: string) =>
  `<a href="${href}" rel="noopener noreferrer nofollow" target="_blank">${label}</a>`

test.each([
  ["**bold** *it* _it_ __under__ ~~gone~~", "<strong>bold</strong> <em>it</em> <em>it</em> <u>under</u> <s>gone</s>"],
  ["**bold *and it***", "<strong>bold <em>and it</em></strong>"],
  ["||secret||", '<span class="spoiler">secret</span>'],
  ["snake_case_name 2*3*4", "snake_case_name 2<em>3</em>4"],
  ["\\*not\\*", "*not*"],
  ["`a *b* <c>` ``x`y``", "<code>a *b* &lt;c&gt;</code> <code>x`y</code>"],
  ["a\n```ts\nif (a < b) {}\n```\nb", "a\n<pre><code>if (a &lt; b) {}</code></pre>\nb"],
  [
    "# Big\n-# small\n- one\n> quoted\n> twice\nend",
    '<strong class="heading">Big</strong>\n<small>small</small>\n• one\n<blockquote>quoted\ntwice</blockquote>end',
  ],
  [">>> all\nof it", "<blockquote>all\nof it</blockquote>"],
  [
    "<@1> <@!2> <@&3> <#4> <:wave:5> <a:dance:6>",
    '<span class="mention">@Ada &lt;3</span> <span class="mention">@user 2</span> <span class="mention" title="3">@role</span> <span class="mention" title="4">#channel</span> :wave: :dance:',
  ],
  ["<t:1763629200:R>", "<time>2025-11-20 09:00 UTC</time>"],
  [
    "see https://example.com/a?b=1&c=2.",
    `see ${link("https://example.com/a?b=1&amp;c=2", "https://example.com/a?b=1&amp;c=2")}.`,
  ],
  ["<https://example.com>", link("https://example.com/", "https://example.com")],
  ["[here](https://example.com/x)", `${link("https://example.com/x", "here")} <span class="host">(example.com)</span>`],
])("%j is shown as Discord shows it", (text, expected) => {
  expect(shown(text)).toBe(expected)
})

test.each([
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](data:text/html,x)",
  "[x](//evil.example)",
  "[x](https://bank.example@evil.example/)",
  "https://user:password@evil.example/",
  "<javascript:alert(1)>",
  "[x](https://)",
])("%s is no link", (text) => {
  expect(shown(text)).not.toContain("<a ")
})

const allowed =
  /<\/?(?:strong|em|u|s|code|pre|blockquote|small|time|span|a)(?: class="(?:heading|spoiler|mention|host)"| href="https?:\/\/[^"<>]*" rel="noopener noreferrer nofollow" target="_blank")?>/g
const marks = fc.constantFrom(
  ..."*_~|`<>[]()\\\n \"'&#-h".split(""),
  ...[
    "**",
    "__",
    "||",
    "~~",
    "```",
    "> ",
    ">>> ",
    "# ",
    "](",
    "https://e.example/",
    "<@1>",
    "javascript:",
    "<script>",
    "\u202E",
    "\uD800",
    "x",
  ],
)

test("whatever is written, the markup is ours, its tags are closed in order, and no link is within a link", () => {
  fc.assert(
    fc.property(fc.array(marks, { maxLength: 60 }), (parts) => {
      const html = shown(parts.join(""))
      expect(html.replaceAll(allowed, "")).not.toMatch(/[<>"\u202E]/)
      const open: string[] = []
      for (const [tag = ""] of html.matchAll(/<\/?[a-z]+/g)) {
        if (tag.startsWith("</")) expect(open.pop()).toBe(tag.slice(2))
        else {
          if (tag === "<a") expect(open).not.toContain("a")
          open.push(tag.slice(1))
        }
      }
      expect(open).toEqual([])
    }),
    { numRuns: 2000 },
  )
})

test.each(["*", "_", "[", "<", "`", "||", "**a ", "](", "https://", "> ", "<@1", "```", "\\", "[x](h", "*_~~||**__"])(
  "20,000 characters of %j take no time",
  (mark) => {
    const started = performance.now()
    shown(mark.repeat(20_000 / mark.length))
    expect(performance.now() - started).toBeLessThan(1500)
  },
)
