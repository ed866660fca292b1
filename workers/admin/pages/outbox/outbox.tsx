import { deliveryStatuses, outboxStatuses } from "../../../../shared/db/schema/email.ts"
import { cancelEmail } from "../../../../shared/email/cancelEmail.ts"
import { explainEmail } from "../../../../shared/email/explainEmail.ts"
import { type EmailFilter, emailFilter, type ListedEmail, listEmails } from "../../../../shared/email/listEmails.ts"
import { retryEmails } from "../../../../shared/email/retryEmails.ts"
import { AppError } from "../../../../shared/errors.ts"
import { type AdminRequest, newPages } from "../../adminApp.ts"
import { EmptyState } from "../../components/emptyState.tsx"
import { Field, Select } from "../../components/field.tsx"
import { Filters } from "../../components/filters.tsx"
import { page } from "../../components/page.tsx"
import { Pager } from "../../components/pager.tsx"
import { type Column, Table } from "../../components/table.tsx"
import { Time } from "../../components/time.tsx"
import { address } from "../address.ts"
import { showMail } from "./mail.tsx"
import { MailStatusBadge } from "./mailStatusBadge.tsx"

const one = "/:id{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}}"

export const outboxPages = newPages()
  .get("/", showList)
  .get(one, showMail)
  .get(`${one}/preview`, async (c) => {
    const { mail } = await explainEmail(c.get("ctx"), c.req.param("id"))
    if (!mail.message) throw new AppError("not_found", "This mail has not been rendered yet.")
    c.set("framed", true)
    return c.html(mail.message.html ?? "")
  })
  .post(`${one}/retry`, async (c) => {
    const id = c.req.param("id")
    const [retried] = await retryEmails(c.get("ctx"), { ids: [id] })
    if (!retried) throw new AppError("conflict", "Only a mail that failed or went stale can be sent after all.")
    return c.redirect(`/outbox/${id}?done=retried`, 303)
  })
  .post(`${one}/cancel`, async (c) => {
    const id = c.req.param("id")
    await cancelEmail(c.get("ctx"), { id })
    return c.redirect(`/outbox/${id}`, 303)
  })

const choices = (values: readonly string[]) => values.map((value) => ({ value, label: value }))

async function showList(c: AdminRequest) {
  const filter: EmailFilter = emailFilter.parse(c.req.query())
  const after = c.req.query("after")
  const { mails, next } = await listEmails(c.get("ctx"), { filter, after })
  return page(
    c,
    { title: "Outbox", lead: "Every mail: due, sent, held back, failed" },
    <>
      <Filters action="/outbox" label="Filter mails">
        <Field label="Status" name="status">
          <Select name="status" value={filter.status} options={choices(outboxStatuses)} empty="Any" />
        </Field>
        <Field label="Delivery" name="delivery">
          <Select name="delivery" value={filter.delivery} options={choices(deliveryStatuses)} empty="Any" />
        </Field>
      </Filters>
      <div id="results">
        {mails.length > 0 ? (
          <>
            <Table label="Mails" rows={mails} columns={columns} />
            <Pager
              shown={mails.length}
              first={after ? address("/outbox", filter) : null}
              next={next ? address("/outbox", { ...filter, after: next }) : null}
            />
          </>
        ) : (
          <EmptyState title="No mail fits">Mails appear here as soon as a rule plans them.</EmptyState>
        )}
      </div>
    </>,
  )
}

const columns: Column<ListedEmail>[] = [
  { head: "Mail", cell: ({ id, subject }) => <a href={`/outbox/${id}`}>{subject}</a> },
  { head: "To", text: true, cell: ({ customer }) => <a href={`/customers/${customer.id}`}>{customer.name}</a> },
  { head: "Status", cell: ({ status, delivery }) => <MailStatusBadge status={status} delivery={delivery} /> },
  { head: "Why", text: true, cell: ({ reason }) => reason ?? "" },
  { head: "Due", cell: ({ dueAt }) => <Time at={dueAt} /> },
  { head: "Sent", cell: ({ sentAt }) => (sentAt ? <Time at={sentAt} /> : "–") },
]
