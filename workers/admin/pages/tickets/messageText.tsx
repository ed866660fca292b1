import { raw } from "hono/html"
import { foldQuoted } from "../../../../shared/support/mail/foldQuoted.ts"
import type { ConversationMessage } from "../../../../shared/support/ticketDetail/conversation.ts"
import { renderMarkdown } from "../../../../shared/support/transcript/markdown.ts"

/** What a message says, with Discord's marks in what is said there; of a mail, what it repeats of earlier ones is shown on demand. */
export function MessageText(props: { message: ConversationMessage; names: ReadonlyMap<string, string> }) {
  const { origin, content } = props.message
  if (content === "") return null
  if (origin === "discord" || origin === "admin")
    return <div class="plain-text">{raw(renderMarkdown(content, props.names).text)}</div>
  if (origin === "form") return <p class="plain-text">{content}</p>
  return (
    <>
      {foldQuoted(content).map(({ quoted, text }) =>
        quoted ? (
          <details>
            <summary>Quoted</summary>
            <p class="plain-text hint">{text}</p>
          </details>
        ) : (
          <p class="plain-text">{text}</p>
        ),
      )}
    </>
  )
}
