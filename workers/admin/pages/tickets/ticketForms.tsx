import { priorities } from "../../../../shared/db/schema/support.ts"
import type { TicketDetail } from "../../../../shared/support/ticketDetail/ticketDetail.ts"
import { Button } from "../../components/button.tsx"
import { Field, Select, TextInput } from "../../components/field.tsx"
import { Section } from "../../components/section.tsx"

/** What is done with a choice or a word; nothing exchanges it while somebody types. `me` is whoever looks, as an actor. */
export const TicketForms = ({ detail, me }: { detail: TicketDetail; me: string }) => {
  const { ticket, claimer, claimers, categories } = detail
  const path = `/tickets/${ticket.id}`
  const isOver = ticket.status === "closed" || ticket.status === "closing"
  return (
    <Section title="Change" id="change">
      {!isOver && (
        <Choice
          action={`${path}/transfer`}
          name="to"
          label="Give it to"
          value={claimer ?? me}
          options={claimers.map(({ id, name }) => ({ value: id, label: id === me ? `${name} (you)` : name }))}
        />
      )}
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
        options={categories.map(({ id, name }) => ({ value: id, label: name }))}
      />
      {ticket.status === "open" && (
        <form method="post" action={`${path}/ask-close`}>
          <input type="hidden" name="messageId" value={crypto.randomUUID()} />
          <Button>Ask whether it is solved</Button>
        </form>
      )}
      {!isOver && (
        <form method="post" action={`${path}/close`}>
          <Field label="Close, because" name="reason">
            <TextInput name="reason" required maxLength={500} />
          </Field>
          <Button kind="danger">Close ticket</Button>
        </form>
      )}
      {!isOver && ticket.source === "email" && (
        <form class="inline" method="post" action={`${path}/merge`}>
          <Field label="Make it part of ticket number" name="into">
            <TextInput name="into" required maxLength={12} />
          </Field>
          <Button>Merge</Button>
        </form>
      )}
      <form method="post" action={`${path}/transcript-link`}>
        <Button>New link to the transcript</Button>
      </form>
    </Section>
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
