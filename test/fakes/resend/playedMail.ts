import type { WrittenMail } from "./inbox.ts"
import type { Mail, Mailbox } from "./mailbox.ts"

/** What a player fills in to write to support, or to answer a mail. */
export interface PlayedMail {
  from: string
  to?: string | undefined
  subject?: string | undefined
  text?: string | undefined
  html?: string | undefined
  /** Id of a mail of ours that it answers. */
  answers?: string | undefined
  /** One header a line. */
  headers?: string | undefined
  fileName?: string | undefined
  fileText?: string | undefined
}

/** The mail as a mail program would write it: an answer has the headers, and repeats what it answers. */
export function playedMail(mailbox: Mailbox, played: PlayedMail): WrittenMail {
  const answered = played.answers ? mailbox.get(played.answers) : undefined
  const headers = Object.fromEntries(
    (played.headers ?? "").split("\n").flatMap((line) => {
      const colon = line.indexOf(":")
      return colon > 0 ? [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]] : []
    }),
  )
  return {
    from: played.from,
    to: played.to || answered?.replyTo[0] || "support@example.com",
    subject: played.subject || (answered ? `Re: ${answered.subject.replace(/^Re: /, "")}` : ""),
    text: played.html && !played.text ? null : `${played.text ?? ""}${answered ? quoted(answered) : ""}`,
    html: played.html || null,
    headers: { ...(answered && threading(answered)), ...headers },
    files: played.fileName ? [{ filename: played.fileName, content: played.fileText ?? "" }] : [],
  }
}

const threading = (mail: Mail): Record<string, string> => ({
  "in-reply-to": mail.messageId,
  references: `${mail.headers.References ?? ""} ${mail.messageId}`.trim(),
})

const quoted = (mail: Mail): string =>
  `\n\nOn ${new Date(mail.createdAt).toUTCString()}, ${mail.from} wrote:\n\n${mail.text
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n")}`
