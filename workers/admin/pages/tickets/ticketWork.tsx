import { priorities } from "../../../../shared/db/schema/support.ts"
import type { TicketDetail } from "../../../../shared/support/ticketDetail/ticketDetail.ts"
import { Button } from "../../components/button.tsx"
import { Field, Select, TextInput } from "../../components/field.tsx"
import { Notice } from "../../components/notice.tsx"
import { Facts } from "../../components/section.tsx"
import { Time } from "../../components/time.tsx"

interface Shown {
  detail: TicketDetail
  mayWrite: boolean
  /** Whoever looks, as an actor. */
  me: string
}

/** How a ticket stands, what failed, and what can be done about it. */
export const TicketWork = ({ detail, mayWrite, me }: Shown) => {
  const { ticket } = detail
  const path = `/tickets/${ticket.id}`
  const isOver = ticket.status === "closed" || ticket.status === "closing"
  return (
    <>
      <Trouble detail={detail} mayWrite={mayWrite} />
      <Facts facts={factsOf(detail)} />
      {mayWrite && (
        <>
          {!isOver && <Claim detail={detail} me={me} />}
          <Choice
            action={`${path}/priority`}
            name="priority"
            label="Priority"
            value={ticket.priority}
            options={priorities.map((value) => ({ value, label: value }))}
          />
          <Choice
            action={`${path}/category`}
            name="category"
            label="Category"
            value={ticket.categoryId}
            options={detail.categories.map(({ id, name }) => ({ value: id, label: name }))}
          />
          {!isOver && (
            <form method="post" action={`${path}/close`}>
              <Field label="Close, because" name="reason">
                <TextInput name="reason" required maxLength={500} />
              </Field>
              <Button kind="danger">Close ticket</Button>
            </form>
          )}
          {ticket.status === "closed" && (
            <form method="post" action={`${path}/reopen`}>
              <Button kind="primary">Reopen</Button>
            </form>
          )}
        </>
      )}
    </>
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
  if (ticket.firstResponseAt)
    facts.push([
      "First answer",
      <>
        <Time at={ticket.firstResponseAt} /> {firstResponseBy}
      </>,
    ])
  if (dueAt && (ticket.status === "open" || ticket.status === "opening"))
    facts.push([ticket.firstResponseAt ? "To be resolved by" : "To be answered by", <Time at={dueAt} />])
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
const Trouble = ({ detail, mayWrite }: Omit<Shown, "me">) => {
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

const Claim = ({ detail: { ticket, claimer, claimedBy, claimers }, me }: { detail: TicketDetail; me: string }) => {
  const path = `/tickets/${ticket.id}`
  return (
    <>
      <form class="row" method="post" action={claimedBy === null ? `${path}/claim` : `${path}/release`}>
        <Button kind={claimedBy === null ? "primary" : "plain"}>{claimedBy === null ? "Claim" : "Release"}</Button>
      </form>
      <Choice
        action={`${path}/transfer`}
        name="to"
        label="Give it to"
        value={claimer ?? me}
        options={claimers.map(({ id, name }) => ({ value: id, label: id === me ? `${name} (you)` : name }))}
      />
    </>
  )
}

const Choice = (props: {
  action: string
  name: string
  label: string
  value: string
  options: { value: string; label: string }[]
}) => (
  <form class="inline" method="post" action={props.action}>
    <Field label={props.label} name={props.name}>
      <Select name={props.name} value={props.value} options={props.options} />
    </Field>
    <Button label={`Change: ${props.label.toLowerCase()}`}>Change</Button>
  </form>
)
