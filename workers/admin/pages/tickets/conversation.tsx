import { isDoubtful } from "../../../../shared/support/mail/authenticationOf.ts"
import type {
  ConversationEvent,
  ConversationMessage,
  Conversation as Talk,
} from "../../../../shared/support/ticketDetail/conversation.ts"
import type { TicketDetail } from "../../../../shared/support/ticketDetail/ticketDetail.ts"
import { Badge } from "../../components/badge.tsx"
import { Button } from "../../components/button.tsx"
import { Time } from "../../components/time.tsx"
import { address } from "../address.ts"
import { Attachments } from "./attachments.tsx"
import { Embeds } from "./embeds.tsx"
import { eventInWords } from "./eventInWords.ts"
import { MessageText } from "./messageText.tsx"

interface Shown {
  detail: TicketDetail
  mayWrite: boolean
}

/**
 * What was said and what happened, in a frame of its own that begins at its end. Only the newest page asks for more by
 * itself, and is exchanged only where something has changed.
 */
export const Conversation = ({ detail, mayWrite }: Shown) => {
  const { ticket, conversation, isNewest, version } = detail
  const path = `/tickets/${ticket.id}`
  const messages = conversation.items.filter((item) => item.type === "message")
  const names = new Map(messages.map(({ authorId, authorName }) => [authorId ?? "", authorName]))
  return (
    <section class="card" aria-label="Conversation">
      <div class="section-head">
        <h2>Conversation</h2>
        {!isNewest && <a href={path}>Newest messages</a>}
      </div>
      <section class="talk" aria-label="Messages" tabindex={0}>
        <ol
          id="talk"
          hx-get={isNewest ? address(path, { seen: version }) : undefined}
          data-live
          tabindex={-1}
          hx-trigger={isNewest ? `every ${ticket.status === "closed" ? 60 : 4}s, live` : undefined}
          hx-select="#talk"
          hx-select-oob="#state"
          hx-swap="outerHTML"
        >
          <Earlier path={path} conversation={conversation} />
          {conversation.items.map((item) =>
            item.type === "message" ? (
              <Message
                message={item}
                answers={messages.find(({ externalId }) => externalId !== null && externalId === item.replyTo)}
                names={names}
                detail={detail}
                mayWrite={mayWrite}
              />
            ) : (
              <Event event={item} />
            ),
          )}
        </ol>
      </section>
    </section>
  )
}

const Earlier = ({ path, conversation }: { path: string; conversation: Talk }) =>
  conversation.earlier && (
    <li class="event">
      <a href={address(path, { before: conversation.earlier })}>Earlier messages</a>
    </li>
  )

const Event = ({ event }: { event: ConversationEvent }) => (
  <li class="event">
    {eventInWords(event)} · <Time at={event.at} />
  </li>
)

const kinds: Record<ConversationMessage["authorKind"], string> = {
  opener: "opener",
  staff: "staff",
  bot: "bot",
  other: "guest",
}

interface MessageShown extends Shown {
  message: ConversationMessage
  /** What it answers, where that is on this page. */
  answers: ConversationMessage | undefined
  names: ReadonlyMap<string, string>
}

const Message = ({ message, answers, names, detail, mayWrite }: MessageShown) => {
  const { origin, authorKind, internal, deletedAt, edits, attachments, embeds, mail } = message
  return (
    <li
      id={`message-${message.id}`}
      class={`message ${kinds[authorKind]}${internal ? " note-inside" : ""}${deletedAt ? " deleted" : ""}`}
    >
      <p class="who">
        <strong>{message.authorName}</strong> <span class="hint">{kinds[authorKind]}</span>{" "}
        {origin === "email" && message.authorId !== message.authorName && <bdi class="hint">{message.authorId} </bdi>}
        {internal && <Badge tone="warn">internal note</Badge>} {origin === "email" && <Badge>mail</Badge>}{" "}
        {mail && isDoubtful(mail.authentication) && <Badge tone="bad">sender not proven</Badge>}
        {mail?.outcome === "automatic" && <Badge>automatic: {mail.reason ?? "nobody wrote it"}</Badge>}
        <span class="hint">
          <Time at={message.at} />
          {message.editedAt && " · edited"}
        </span>
      </p>
      {deletedAt && (
        <p class="hint">
          {origin === "admin" && message.externalId === null ? "Given up, never delivered" : "Deleted"}{" "}
          <Time at={deletedAt} />
        </p>
      )}
      {answers && (
        <p class="hint">
          <a href={`#message-${answers.id}`}>answers {answers.authorName}</a> {answers.content.slice(0, 80)}
        </p>
      )}
      <MessageText message={message} names={names} />
      {origin === "form" && <Answers answers={detail.ticket.answers} />}
      <Embeds embeds={embeds} />
      <Attachments ticketId={detail.ticket.id} files={attachments} />
      {edits.length > 0 && (
        <details>
          <summary>{edits.length === 1 ? "1 earlier wording" : `${edits.length} earlier wordings`}</summary>
          {edits.map(({ until, content }) => (
            <blockquote>
              <p class="plain-text">{content}</p>
              <p class="hint">
                until <Time at={until} />
              </p>
            </blockquote>
          ))}
        </details>
      )}
      <Delivery message={message} ticketId={detail.ticket.id} mayWrite={mayWrite} />
    </li>
  )
}

const Answers = ({ answers }: { answers: TicketDetail["ticket"]["answers"] }) =>
  answers.length > 0 && (
    <dl class="facts">
      {answers.map(({ question, answer }) => (
        <div>
          <dt>{question}</dt>
          <dd class="plain-text">{answer || "–"}</dd>
        </div>
      ))}
    </dl>
  )

/** Of what was written here: whether it got there, and what can be done where it did not. */
function Delivery(props: { message: ConversationMessage; ticketId: string; mayWrite: boolean }) {
  const { message, ticketId, mayWrite } = props
  const { delivery, error } = message
  if (delivery === null || delivery === "sent") return null
  const path = `/tickets/${ticketId}/messages/${message.id}`
  return (
    <div class="row">
      <Badge tone={delivery === "failed" ? "bad" : error ? "warn" : "info"}>
        {delivery === "failed" ? "not delivered" : "on its way"}
      </Badge>
      {error && <span class="hint bad">{error}</span>}
      {mayWrite && (delivery === "failed" || error) && (
        <form method="post" action={`${path}/retry`}>
          <Button>Send again</Button>
        </form>
      )}
      {mayWrite && delivery === "failed" && (
        <form method="post" action={`${path}/discard`}>
          <Button kind="danger">Give up</Button>
        </form>
      )}
    </div>
  )
}
