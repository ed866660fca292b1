import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { foldQuoted, visibleText } from "../../shared/support/mail/foldQuoted.ts"
import { htmlToText } from "../../shared/support/mail/htmlToText.ts"
import { parseAddress } from "../../shared/support/mail/mailAddress.ts"
import { textToHtml } from "../../shared/support/mail/textToHtml.ts"

describe("a mail that is HTML only becomes text", () => {
  test.each([
    ["paragraphs", "<p>Hello,</p><p>my server<br>is down.</p>", "Hello,\n\nmy server\nis down."],
    [
      "lists and tables",
      "<ul><li>one</li><li>two</li></ul><table><tr><td>a</td><td>b</td></tr></table>",
      "- one\n- two\n\na b",
    ],
    [
      "links say where they lead",
      '<a href="https://evil.example/x">https://bank.example</a>',
      "https://bank.example (https://evil.example/x)",
    ],
    [
      "a link that shows its address says it once",
      '<a href="https://a.example">https://a.example</a>',
      "https://a.example",
    ],
    ["a script's address is none", '<a href="javascript:alert(1)">click</a>', "click"],
    [
      "scripts, styles and comments are left out",
      "<style>p{}</style>a<script>alert('<p>')</script>b<!-- c -->d",
      "abd",
    ],
    ["markup in attributes stays there", '<p title="a > b">text</p>', "text"],
    [
      "character references",
      "Gr&uuml;&szlig;e &amp; &lt;b&gt; &#8364;&#x41; &unknown; &#0;",
      "Grüße & <b> €A &unknown; \uFFFD",
    ],
    ["what never ends is left out", "before <a href=", "before"],
    ["a smaller-than sign is one", "1 < 2 and 3 > 2", "1 < 2 and 3 > 2"],
    [
      "quotations are marked",
      "<div>New</div><blockquote><p>Old</p><blockquote>Older</blockquote></blockquote>",
      "New\n\n> Old\n>\n> > Older",
    ],
    ["nothing", "", ""],
    ["an image says what it shows", '<img alt="logo" src="cid:1">', "[logo]"],
  ])("%s", (_, html, text) => {
    expect(htmlToText(html)).toBe(text)
  })

  test("of any markup at all", () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom("<", ">", "<p", "<script>", "</", "&#", "<!--", '"', "=", "<blockquote>", "<a href='", "</a>"),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = htmlToText(pieces.join(""))
        expect(typeof text).toBe("string")
      }),
    )
  })

  test.each([
    ["tags without an end", "<a ".repeat(300_000)],
    ["quotation marks without an end", '<a b="'.repeat(200_000)],
    ["comments without an end", "<!--".repeat(200_000)],
    ["deep quotations", "<blockquote>".repeat(50_000)],
    ["links in links", "<a href='https://a.example'>".repeat(30_000)],
    ["character references", "&#".repeat(400_000)],
  ])("%s take no time", (_, html) => {
    const started = performance.now()
    htmlToText(html)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe("what a mail repeats is told apart", () => {
  test.each([
    [
      "of Gmail",
      "Thanks!\n\nOn Mon, 16 Nov 2026 at 10:00, Support <s@example.com> wrote:\n\n> Hello\n> there",
      "Thanks!",
    ],
    ["in two lines", "Yes\n\nOn Mon, 16 Nov 2026 at 10:00, Support\n<support@example.com> wrote:\n> Hello", "Yes"],
    ["in German", "Danke\n\nAm 16.11.2026 um 10:00 schrieb Support:\n> Hallo", "Danke"],
    ["in French", "Merci\n\nLe lun. 16 nov. 2026 à 10:00, Support a écrit :\n> Bonjour", "Merci"],
    ["of Outlook", "Ok\n\nFrom: Support <s@example.com>\nSent: Monday\nTo: Ada\nSubject: Re: it\n\nHello", "Ok"],
    ["under a line", "Ok\n-----Original Message-----\nHello", "Ok"],
    ["with answers in between", "> When?\nToday.\n> Where?\nHere.", "Today.\nHere."],
    ["everything", "> all\n> of it", "> all\n> of it"],
    ["nothing", "On Monday I wrote:\nsomething", "On Monday I wrote:\nsomething"],
    [
      "no more than a From at the beginning of a line",
      "From: my point of view\nall is well",
      "From: my point of view\nall is well",
    ],
  ])("%s", (_, content, visible) => {
    expect(visibleText(content)).toBe(visible)
    expect(
      foldQuoted(content)
        .map(({ text }) => text)
        .join("\n"),
    ).toBe(content)
  })

  test("of any text, nothing is lost", () => {
    const line = fc.oneof(fc.string(), fc.constantFrom("", "> a", "On Monday, x wrote:", "From: x", "Sent: x", "To: x"))
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const content = lines.join("\n")
        expect(
          foldQuoted(content)
            .map(({ text }) => text)
            .join("\n"),
        ).toBe(content)
      }),
    )
  })

  test("of a huge mail in no time", () => {
    const started = performance.now()
    foldQuoted("On a wrote wrote wrote\n".repeat(50_000))
    foldQuoted(`On ${"a ".repeat(500_000)}`)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe("a From header names", () => {
  test.each<[string, string, string | null, string?]>([
    ["a name and an address", "Ada Lovelace <Ada@Example.org>", "ada@example.org", "Ada Lovelace"],
    ["an address alone", "ada@example.org", "ada@example.org", "ada@example.org"],
    ["the first of several", "Ada <ada@example.org>, Bob <bob@example.org>", "ada@example.org", "Ada"],
    ["no other address by its name", '"boss@example.com" <eve@example.org>', "eve@example.org", "eve@example.org"],
    ["no other address in its name", '"A <boss@example.com>" <eve@example.org>', "eve@example.org", "eve@example.org"],
    ["nobody by markup", "<script>alert(1)</script> <eve@example.org>", "eve@example.org", "scriptalert(1)/script"],
    ["nobody turned round", "\u202Egnp.exe\u202C Ada\r\n <ada@example.org>", "ada@example.org", "gnp.exe Ada"],
    ["nobody", "undisclosed-recipients:;", null],
    ["nothing", "", null],
    ["no two addresses in one", "a@b@example.org", null],
  ])("%s", (_, header, email, name) => {
    expect(parseAddress(header)).toEqual(email === null ? null : { email, name })
  })

  test("anything at all in no time", () => {
    const started = performance.now()
    for (const piece of ["<", '"', "a@", "<a@b.c", ","]) parseAddress(piece.repeat(500_000))
    expect(performance.now() - started).toBeLessThan(500)
  })
})

test("a mail by itself has links under words, a person's only as they were written, and neither has markup", () => {
  const text = 'How did we do?\n5 of 5, very "good" <b>: https://portal.test/t?stars=5&x="1"\nSee: https://a.example.'
  expect(textToHtml(text, { labels: true })).toContain('<a href="https://a.example.">See</a>')
  expect(textToHtml("Very <good>: https://portal.test/t?stars=5&x=1", { labels: true })).toBe(
    '<p><a href="https://portal.test/t?stars=5&amp;x=1">Very &lt;good&gt;</a></p>',
  )
  expect(textToHtml("See: https://a.example/x")).toBe(
    '<p>See: <a href="https://a.example/x">https://a.example/x</a></p>',
  )
  expect(textToHtml(text, { labels: true })).not.toMatch(/<b>|" <|x="1"/)
})
