import type { Context } from "../../context.ts"
import { eventText } from "./eventText.ts"
import { type FileLink, messageHtml, moment } from "./messageHtml.ts"
import type { Reader, TranscriptTicket } from "./readTranscript.ts"
import { html, SafeHtml } from "./safeHtml.ts"
import type { TranscriptEntry } from "./transcriptEntry.ts"
import { streamOf, transcriptPages } from "./transcriptPages.ts"
import { transcriptPolicy } from "./transcriptPolicy.ts"
import { transcriptStyle } from "./transcriptStyle.ts"

export interface TranscriptHtmlInput {
  ticketId: string
  for: Reader
  fileLink: FileLink
  /** Only messages that say this. */
  q?: string | undefined
  /** Where the page can be searched, had as a file, and the ticket rated; none for the file itself. */
  links?: { page: string; html: string; json: string; rating?: string } | undefined
}

/**
 * The whole transcript as one file that needs nothing else, sent while it is being read. Nothing in it runs, and nothing is
 * loaded. Throws `not_found` before the first byte.
 */
export async function transcriptHtml(ctx: Context, input: TranscriptHtmlInput): Promise<ReadableStream<Uint8Array>> {
  const pages = transcriptPages(ctx, input)
  const policy = await transcriptPolicy()
  const first = await pages.next()
  return streamOf(texts())

  async function* texts() {
    const names = new Map<string, string>()
    let shown = 0
    for (let page = first; !page.done; page = await pages.next()) {
      if (page === first) yield head(page.value.ticket, policy, input).text
      for (const entry of page.value.entries)
        if (entry.type === "message" && entry.author.id) names.set(entry.author.id, entry.author.name)
      shown += page.value.entries.length
      yield page.value.entries.map((entry) => entryHtml(entry, names, input.fileLink).text).join("")
    }
    const nothing = input.q ? "No message says that." : "Nothing was said."
    yield html`${shown === 0 && html`<p>${nothing}</p>`}\n</main></body></html>\n`.text
  }
}

const entryHtml = (entry: TranscriptEntry, names: ReadonlyMap<string, string>, fileLink: FileLink): SafeHtml =>
  entry.type === "message"
    ? messageHtml(entry, names, fileLink)
    : html`\n<p class="event">${eventText(entry)}${entry.actorLabel && html` · <bdi>${entry.actorLabel}</bdi>`} · ${moment(entry.at)}</p>`

function head(ticket: TranscriptTicket, policy: string, { links, q }: TranscriptHtmlInput): SafeHtml {
  const title = `Ticket #${ticket.number}: ${ticket.subject}`
  const facts: [string, SafeHtml | string | null][] = [
    ["With", ticket.brand],
    ["About", ticket.category],
    ["Opened by", html`<bdi>${ticket.openerName}</bdi>`],
    ["Opened", moment(ticket.openedAt)],
    ["Closed", ticket.closedAt && moment(ticket.closedAt)],
    ["Because", ticket.closeReason],
    [
      "Rated",
      ticket.rating === null ? null : `${ticket.rating} of 5${ticket.ratingComment ? `: ${ticket.ratingComment}` : ""}`,
    ],
    ...ticket.answers.map(({ question, answer }): [string, string] => [question, answer]),
  ]
  const told = facts.filter(([, value]) => value !== null && value !== "")
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer"><title>${title}</title><style>${new SafeHtml(transcriptStyle)}</style></head>
<body><header><h1 dir="auto">${title}</h1>
<dl>${told.map(([name, value]) => html`<dt><bdi>${name}</bdi></dt><dd dir="auto">${value}</dd>`)}</dl>
${
  links &&
  html`<nav aria-label="This transcript"><a href="${links.html}">As a file</a><a href="${links.json}">As JSON</a></nav>
<form method="get" action="${links.page}" role="search"><input type="search" name="q" value="${q ?? ""}" maxlength="200" aria-label="Words that were said"><button>Search</button>${
    q && html` <a href="${links.page}">Show everything</a>`
  }</form>${links.rating && ticket.closedAt && ratingForm(links.rating, ticket)}`
}</header><main>`
}

/** How it went, for whoever opened it to say; again, should they think otherwise later. */
const ratingForm = (action: string, { rating, ratingComment }: TranscriptTicket): SafeHtml =>
  html`\n<form method="post" action="${action}" class="rating"><fieldset><legend>How did we do?</legend>${[
    1, 2, 3, 4, 5,
  ].map(
    (stars) =>
      html`<label><input type="radio" name="rating" value="${stars}" required${rating === stars && new SafeHtml(" checked")}> ${stars}</label> `,
  )}</fieldset><label>Anything you want to add? <textarea name="comment" rows="2" maxlength="1000">${ratingComment ?? ""}</textarea></label> <button>Send</button></form>`
