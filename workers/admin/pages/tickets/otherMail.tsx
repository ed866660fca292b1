import * as z from "zod/mini"
import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import { isDoubtful } from "../../../../shared/support/mail/authenticationOf.ts"
import {
  type ApartOutcome,
  apartOutcomes,
  listMailsApart,
  type MailApart,
} from "../../../../shared/support/mail/listMailsApart.ts"
import { openFromMail } from "../../../../shared/support/mail/openFromMail.ts"
import { newPages, permitted } from "../../adminApp.ts"
import { Badge } from "../../components/badge.tsx"
import { Button } from "../../components/button.tsx"
import { EmptyState } from "../../components/emptyState.tsx"
import { Field, Select } from "../../components/field.tsx"
import { Filters } from "../../components/filters.tsx"
import { page } from "../../components/page.tsx"
import { Pager } from "../../components/pager.tsx"
import { type Column, Table } from "../../components/table.tsx"
import { Time } from "../../components/time.tsx"
import { address } from "../address.ts"
import { TicketTabs } from "./ticketTabs.tsx"

const path = "/tickets/mails"
const asked = z.object({ because: z.optional(z.catch(z.enum(["", ...apartOutcomes]), "")) })

const labels: Record<ApartOutcome, string> = {
  automatic: "Nobody wrote it",
  blocked: "The sender is blocked",
  flooding: "Too many from one sender",
  elsewhere: "It went to another address",
  duplicate: "It came twice",
}

/** Mails that opened no ticket, and why. */
export const otherMailPages = newPages()
  .get("/", async (c) => {
    const ctx = c.get("ctx")
    const { because = "" } = asked.parse(c.req.query())
    const after = c.req.query("after")
    const { mails, next } = await listMailsApart(ctx, { outcome: because || undefined, after })
    return page(
      c,
      {
        title: "Other mail",
        lead: "What came by mail and opened no ticket. It is kept, and nobody was answered.",
        trail: [{ label: "Tickets", href: "/tickets" }],
      },
      <>
        <TicketTabs current={path} />
        <Filters action={path} label="Filter mails">
          <Field label="Because" name="because">
            <Select
              name="because"
              value={because}
              options={apartOutcomes.map((value) => ({ value, label: labels[value] }))}
              empty="Any reason"
            />
          </Field>
        </Filters>
        <div id="results">
          {mails.length > 0 ? (
            <>
              <Table label="Mails" rows={mails} columns={columnsOf(isPermitted(ctx.actor, "tickets:write"))} />
              <Pager
                shown={mails.length}
                first={after ? address(path, { because }) : null}
                next={next ? address(path, { because, after: next }) : null}
              />
            </>
          ) : (
            <EmptyState title="No such mail">
              Auto-replies, newsletters and mail of blocked senders appear here.
            </EmptyState>
          )}
        </div>
      </>,
    )
  })
  .post("/:id/open", permitted("tickets:write"), async (c) =>
    c.redirect(`/tickets/${await openFromMail(c.get("ctx"), { id: c.req.param("id") })}`, 303),
  )

const because = ({ outcome }: MailApart) => apartOutcomes.find((each) => each === outcome)

const columnsOf = (mayWrite: boolean): Column<MailApart>[] => [
  {
    head: "From",
    text: true,
    cell: ({ fromEmail, fromName, authentication }) => (
      <>
        <bdi>{fromName}</bdi>
        <div class="hint">
          <bdi>{fromEmail || "no sender"}</bdi>
        </div>
        {isDoubtful(authentication) && <Badge tone="bad">sender not proven</Badge>}
      </>
    ),
  },
  {
    head: "Mail",
    text: true,
    cell: ({ subject, content }) => (
      <details>
        <summary>
          <bdi>{subject || "No subject"}</bdi>
        </summary>
        <p class="plain-text">{content}</p>
      </details>
    ),
  },
  {
    head: "Because",
    text: true,
    cell: (mail) => {
      const outcome = because(mail)
      return (
        <>
          {outcome ? labels[outcome] : mail.outcome}
          {mail.reason && <div class="hint">{mail.reason}</div>}
        </>
      )
    },
  },
  { head: "Received", cell: ({ receivedAt }) => <Time at={receivedAt} /> },
  ...(mayWrite
    ? [
        {
          head: "Ticket",
          cell: (mail: MailApart) =>
            because(mail) !== "duplicate" &&
            mail.fromEmail !== "" && (
              <form method="post" action={`${path}/${encodeURIComponent(mail.id)}/open`}>
                <Button label={`Open a ticket from the mail of ${mail.fromEmail}`}>Open a ticket</Button>
              </form>
            ),
        },
      ]
    : []),
]
