import { type Names, renderMarkdown } from "./markdown.ts"
import { html, type SafeHtml } from "./safeHtml.ts"
import { type ShownEmbed, shownEmbed } from "./shownEmbed.ts"
import type { TranscriptFile, TranscriptMessage } from "./transcriptEntry.ts"

/** Where a file that is kept is found. */
export type FileLink = (file: TranscriptFile) => string

const kinds = { opener: "", staff: "staff", bot: "bot", other: "" }
const origins = { form: "by form", discord: "", email: "by e-mail", admin: "" }

/** One message, with its earlier wordings, embeds and files. */
export function messageHtml(message: TranscriptMessage, names: Names, fileLink: FileLink): SafeHtml {
  const { author, at, editedAt, deletedAt, replyTo, delivery } = message
  const marks = [
    kinds[author.kind],
    origins[message.origin],
    message.internal ? "note among staff" : "",
    editedAt ? html`edited ${moment(editedAt)}` : "",
    deletedAt ? html`deleted, noticed ${moment(deletedAt)}` : "",
    delivery === "queued" ? "on its way" : delivery === "failed" ? "could not be delivered" : "",
  ].filter((mark) => mark !== "")
  return html`
<article id="m-${message.id}" class="${author.kind}${message.internal ? " internal" : ""}">
<div class="about"><b><bdi>${author.name}</bdi></b> ${moment(at)}${marks.map((mark) => html` · ${mark}`)}</div>
${replyTo && html`<blockquote dir="auto">Answers <a href="#m-${replyTo.id}"><bdi>${replyTo.author}</bdi></a>: ${oneLine(replyTo.content)}</blockquote>`}
${
  message.content === null
    ? html`<p class="soft">This message was deleted.</p>`
    : message.content !== "" &&
      html`<div class="said" dir="auto">${textHtml(message.origin, message.content, names)}</div>`
}
${message.embeds.map(shownEmbed).map((embed) => embed && embedHtml(embed, names))}
${message.files.length > 0 && html`<ul>${message.files.map((file) => fileHtml(file, fileLink))}</ul>`}
${
  message.edits.length > 0 &&
  html`<details><summary>Earlier wordings: ${message.edits.length}</summary>${message.edits.map(
    ({ until, content }) =>
      html`<p class="soft">Until ${moment(until)}</p><div class="old" dir="auto">${content}</div>`,
  )}</details>`
}</article>`
}

/** Forms and mails are written without marks. */
const textHtml = (origin: TranscriptMessage["origin"], content: string, names: Names) =>
  origin === "discord" || origin === "admin" ? renderMarkdown(content, names) : content

const embedHtml = (embed: ShownEmbed, names: Names) => html`<div class="embed" dir="auto">
${embed.author !== "" && html`<p class="soft">${embed.author}</p>`}
${
  embed.url
    ? html`<p><a href="${embed.url}" rel="noopener noreferrer nofollow" target="_blank">${embed.title || embed.url}</a> <span class="host">(${new URL(embed.url).host})</span></p>`
    : embed.title !== "" && html`<p><b>${embed.title}</b></p>`
}
${embed.description !== "" && html`<div class="said">${renderMarkdown(embed.description, names)}</div>`}
${embed.fields.map(({ name, value }) => html`<p><b>${name}</b><br>${renderMarkdown(value, names)}</p>`)}
${embed.footer !== "" && html`<p class="soft">${embed.footer}</p>`}</div>`

const states = {
  waiting: "still being copied",
  stored: "",
  too_large: "too large to be kept",
  gone: "was deleted before it could be kept",
  failed: "could not be kept",
}

function fileHtml(file: TranscriptFile, fileLink: FileLink): SafeHtml {
  const { name, size, status } = file
  const shown =
    status === "stored"
      ? html`<a href="${fileLink(file)}" rel="nofollow" download><bdi>${name}</bdi></a>`
      : html`<bdi>${name}</bdi>`
  return html`<li>${shown} <span class="soft">${kilobytes(size)}${states[status] && ` · ${states[status]}`}</span></li>`
}

const kilobytes = (size: number) =>
  size < 1024 ? `${size} B` : size < 1024 ** 2 ? `${Math.round(size / 1024)} KB` : `${(size / 1024 ** 2).toFixed(1)} MB`

const oneLine = (text: string) => {
  const line = text.replaceAll(/\s+/g, " ").trim()
  return line.length > 120 ? `${line.slice(0, 120)}…` : line
}

export const moment = (at: Date): SafeHtml => {
  const iso = at.toISOString()
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace("T", " ")} UTC</time>`
}
