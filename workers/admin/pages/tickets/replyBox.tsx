import { replyFileLimits } from "../../../../shared/support/reply/replyFileLimits.ts"
import { longestReply } from "../../../../shared/support/ticketDetail/replyToTicket.ts"
import type { TicketDetail } from "../../../../shared/support/ticketDetail/ticketDetail.ts"
import { Button } from "../../components/button.tsx"
import { Field, Select } from "../../components/field.tsx"
import { Section } from "../../components/section.tsx"

/** A reply as it stands in the box. */
export interface Draft {
  content: string
  canned?: string
}

export const ReplyBox = ({ detail, draft }: { detail: TicketDetail; draft?: Draft | undefined }) => {
  const { ticket, canned, suggestedReply } = detail
  const path = `/tickets/${ticket.id}`
  const messageId = crypto.randomUUID()
  // Another one each time: htmx carries attributes over to what has the same, the size too that somebody has drawn it to,
  // which the policy forbids.
  const box = `message-${messageId}`
  const isOpen = ticket.status === "open" || ticket.status === "opening"
  // What the text asks for comes first, then what is about the same.
  const rank = (reply: (typeof canned)[number]) =>
    reply.id === suggestedReply ? 0 : reply.categoryId === ticket.categoryId ? 1 : 2
  const ordered = canned.toSorted((a, b) => rank(a) - rank(b))
  return (
    <Section title={isOpen ? "Reply" : "Note"} id="reply">
      <form method="post" action={`${path}/messages`} enctype="multipart/form-data">
        <input type="hidden" name="messageId" value={messageId} />
        {isOpen && ordered.length > 0 && (
          <div class="row fields">
            <Field label="Canned reply" name="canned">
              <Select
                name="canned"
                value={draft?.canned}
                options={ordered.map((reply) => ({
                  value: reply.id,
                  label: `${reply.name}${[" (suggested)", ` (${detail.category})`, ""][rank(reply)]}`,
                }))}
                empty="None"
              />
            </Field>
            <button
              class="button plain"
              type="submit"
              formaction={`${path}/canned`}
              formnovalidate
              hx-post={`${path}/canned`}
              hx-params="content,canned"
              hx-target="#reply-text"
              hx-select="#reply-text"
              hx-swap="outerHTML"
            >
              Put it in
            </button>
          </div>
        )}
        <div class="field" id="reply-text">
          <label for={box}>{isOpen ? "Message" : "Internal note"}</label>
          <textarea
            id={box}
            name="content"
            rows={6}
            required
            maxlength={ticket.source === "email" ? longestReply.email : longestReply.discord}
          >
            {draft?.content ?? ""}
          </textarea>
          <p class="hint">
            {!isOpen
              ? "The ticket is closed: reopen it to write to the opener."
              : ticket.source === "email"
                ? `Goes out as a mail to ${ticket.openerEmail ?? "the opener"}.`
                : `Goes into the ticket in Discord under your name, up to ${longestReply.discord.toLocaleString("en")} characters.`}
          </p>
        </div>
        <Files source={ticket.source} />
        <div class="row">
          {isOpen && <Button kind="primary">Send reply</Button>}
          <Button name="internal" value="yes">
            Keep as internal note
          </Button>
        </div>
      </form>
    </Section>
  )
}

/** What goes along with it; the script says at once what would be refused. */
const Files = ({ source }: { source: TicketDetail["ticket"]["source"] }) => {
  const { count, each, together } = replyFileLimits
  return (
    <Field
      label="Files"
      name="files"
      hint={`Up to ${count}, each up to ${each / 1e6} MB, ${together[source] / 1e6} MB together.`}
    >
      <input
        type="file"
        id="files"
        name="files"
        multiple
        aria-describedby="files-hint"
        data-most-files={count}
        data-most-bytes={each}
        data-most-together={together[source]}
      />
    </Field>
  )
}
