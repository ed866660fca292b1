import { foldQuoted } from "../../../../shared/support/mail/foldQuoted.ts"
import type { ConversationMessage } from "../../../../shared/support/ticketDetail/conversation.ts"

/** What a message says; of a mail, what it repeats of earlier ones is shown on demand. */
export function MessageText({ message: { origin, content } }: { message: ConversationMessage }) {
  if (content === "") return null
  if (origin !== "email") return <p class="plain-text">{content}</p>
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
