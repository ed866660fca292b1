import type { TicketDetail } from "../../../../shared/support/ticketDetail/ticketDetail.ts"
import { Button } from "../../components/button.tsx"
import { Notice } from "../../components/notice.tsx"
import { Facts } from "../../components/section.tsx"
import { Time } from "../../components/time.tsx"

interface Shown {
  detail: TicketDetail
  mayWrite: boolean
}

/** How a ticket stands, what failed, and what is done with one button: exchanged as soon as something has changed. */
export const TicketWork = ({ detail, mayWrite }: Shown) => (
  <>
    <Trouble detail={detail} mayWrite={mayWrite} />
    <Facts facts={factsOf(detail)} />
    {mayWrite && <Buttons detail={detail} />}
  </>
)

const Buttons = ({ detail: { ticket, claimedBy } }: { detail: TicketDetail }) => {
  const path = `/tickets/${ticket.id}`
  if (ticket.status === "closing") return null
  const [action, label] =
    ticket.status === "closed" ? ["reopen", "Reopen"] : claimedBy === null ? ["claim", "Claim"] : ["release", "Release"]
  return (
    <form method="post" action={`${path}/${action}`}>
      <Button kind={action === "release" ? "plain" : "primary"}>{label}</Button>
    </form>
  )
}

function factsOf({ ticket, category, claimedBy, closedBy, firstResponseBy, dueAt, suggested }: TicketDetail) {
  const facts: Parameters<typeof Facts>[0]["facts"] = [
    ["Category", category],
    ["Claimed by", claimedBy ?? "nobody"],
    ["Opened", <Time at={ticket.openedAt} />],
  ]
  const { category: otherCategory, priority } = suggested
  if (otherCategory || priority)
    facts.push(["Reads like", [otherCategory?.name, priority && `priority ${priority}`].filter(Boolean).join(", ")])
  // There, and as high, before there is an answer: what comes in must not move what stands below.
  facts.push(
    [
      "First answer",
      <div class="steady">{ticket.firstResponseAt ? <Time at={ticket.firstResponseAt} /> : "none yet"}</div>,
    ],
    ["Answered by", firstResponseBy ?? "nobody"],
  )
  if (dueAt && (ticket.status === "open" || ticket.status === "opening"))
    facts.push([ticket.firstResponseAt ? "To be resolved by" : "To be answered by", <Time at={dueAt} />])
  if (ticket.closeAskedAt && ticket.status === "open")
    facts.push(["Asked whether it is solved", <Time at={ticket.closeAskedAt} />])
  if (ticket.closedAt)
    facts.push([
      "Closed",
      <>
        <Time at={ticket.closedAt} /> {closedBy}
        {ticket.closeReason && <div class="hint">{ticket.closeReason}</div>}
      </>,
    ])
  if (ticket.rating !== null)
    facts.push([
      "Rated",
      <>
        {ticket.rating} of 5{ticket.ratingComment && <div class="plain-text">{ticket.ratingComment}</div>}
      </>,
    ])
  return facts
}

/** What failed, in words, with a way to try again. */
const Trouble = ({ detail, mayWrite }: Shown) => {
  const { ticket, conversation } = detail
  const files = conversation.items.some(
    (item) => item.type === "message" && item.attachments.some(({ status }) => status === "failed"),
  )
  return (
    <>
      {ticket.error && (
        <>
          <Notice tone="bad">{ticket.error}</Notice>
          {mayWrite && (
            <form method="post" action={`/tickets/${ticket.id}/retry`}>
              <Button>Try again now</Button>
            </form>
          )}
        </>
      )}
      {files && mayWrite && (
        <form method="post" action={`/tickets/${ticket.id}/files`}>
          <Button>Copy the failed files again</Button>
        </form>
      )}
    </>
  )
}
