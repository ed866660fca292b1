import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import { deleteCannedReply } from "../../../../shared/support/settings/saveCannedReply.ts"
import { type CannedReplyRow, supportTexts } from "../../../../shared/support/settings/supportTexts.ts"
import { type AdminRequest, newPages, permitted } from "../../adminApp.ts"
import { Badge } from "../../components/badge.tsx"
import { LinkButton } from "../../components/button.tsx"
import { EmptyState } from "../../components/emptyState.tsx"
import { page } from "../../components/page.tsx"
import { type Column, Table } from "../../components/table.tsx"
import { keepCannedReply, showCannedReply } from "./cannedReply.tsx"
import { TicketTabs } from "./ticketTabs.tsx"

export const cannedRepliesPages = newPages()
  .get("/", showCannedReplies)
  .get("/:id", (c) => showCannedReply(c))
  .post("/:id", permitted("tickets:manage"), keepCannedReply)
  .post("/:id/delete", permitted("tickets:manage"), async (c) => {
    await deleteCannedReply(c.get("ctx"), { id: c.req.param("id") })
    return c.redirect("/tickets/replies", 303)
  })

async function showCannedReplies(c: AdminRequest) {
  const { categories, replies } = await supportTexts(c.get("ctx"))
  const categoryOf = new Map(categories.map(({ id, name }) => [id, name]))
  const columns: Column<CannedReplyRow>[] = [
    {
      head: "Reply",
      cell: ({ id, name }) => <a href={`/tickets/replies/${encodeURIComponent(id)}`}>{name}</a>,
    },
    { head: "Begins", text: true, cell: ({ content }) => content.slice(0, 120) },
    {
      head: "Category",
      text: true,
      cell: ({ categoryId }) => (categoryId ? (categoryOf.get(categoryId) ?? categoryId) : "any"),
    },
    {
      head: "For openers",
      cell: ({ suggested }) => (suggested ? <Badge tone="info">suggested</Badge> : "–"),
    },
  ]
  return page(
    c,
    {
      title: "Canned replies",
      lead: "Answers at hand: for staff to send, and to offer to openers whose text has a keyword.",
      trail: [{ label: "Tickets", href: "/tickets" }],
      actions: isPermitted(c.get("ctx").actor, "tickets:manage") && (
        <LinkButton kind="primary" href="/tickets/replies/new">
          New reply
        </LinkButton>
      ),
    },
    <>
      <TicketTabs current="/tickets/replies" />
      {replies.length > 0 ? (
        <Table label="Canned replies" rows={replies} columns={columns} />
      ) : (
        <EmptyState title="There is no canned reply yet" />
      )}
    </>,
  )
}
