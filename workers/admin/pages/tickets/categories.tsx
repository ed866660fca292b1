import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import { supportTexts } from "../../../../shared/support/settings/supportTexts.ts"
import type { CategoryRow } from "../../../../shared/support/supportSetup.ts"
import { type AdminRequest, newPages, permitted } from "../../adminApp.ts"
import { Badge } from "../../components/badge.tsx"
import { LinkButton } from "../../components/button.tsx"
import { EmptyState } from "../../components/emptyState.tsx"
import { page } from "../../components/page.tsx"
import { type Column, Table } from "../../components/table.tsx"
import { keepCategory, showCategory } from "./category.tsx"
import { PanelNotice } from "./panelNotice.tsx"
import { TicketTabs } from "./ticketTabs.tsx"

export const categoriesPages = newPages()
  .get("/", showCategories)
  .get("/:id", (c) => showCategory(c))
  .post("/:id", permitted("tickets:manage"), keepCategory)

/** Minutes of working time, as people say it. */
const inWords = (minutes: number) =>
  minutes < 120 ? `${minutes} minutes` : `${Number((minutes / 60).toFixed(1))} hours`

async function showCategories(c: AdminRequest) {
  const ctx = c.get("ctx")
  const setup = await supportTexts(ctx)
  const { categories } = setup
  const mayWrite = isPermitted(ctx.actor, "tickets:manage")
  return page(
    c,
    {
      title: "Ticket categories",
      lead: "What openers choose from, in this order, and how soon each is answered in working hours.",
      trail: [{ label: "Tickets", href: "/tickets" }],
      actions: mayWrite && (
        <LinkButton kind="primary" href="/tickets/categories/new">
          New category
        </LinkButton>
      ),
    },
    <>
      <TicketTabs current="/tickets/categories" />
      <PanelNotice setup={setup} mayWrite={mayWrite} />
      {categories.length > 0 ? (
        <Table label="Categories" rows={categories} columns={columns} />
      ) : (
        <EmptyState title="There is no category">Nobody can open a ticket until there is one.</EmptyState>
      )}
    </>,
  )
}

const columns: Column<CategoryRow>[] = [
  {
    head: "Category",
    cell: ({ id, name, description }) => (
      <>
        <a href={`/tickets/categories/${encodeURIComponent(id)}`}>{name}</a>
        {description && <div class="hint">{description}</div>}
      </>
    ),
  },
  {
    head: "State",
    cell: ({ enabled }) => <Badge tone={enabled ? "good" : "neutral"}>{enabled ? "offered" : "switched off"}</Badge>,
  },
  { head: "Asks", text: true, cell: ({ questions }) => questions.map(({ label }) => label).join(", ") || "–" },
  { head: "First answer", cell: ({ firstResponseMinutes }) => `within ${inWords(firstResponseMinutes)}` },
  { head: "Resolved", cell: ({ resolutionMinutes }) => `within ${inWords(resolutionMinutes)}` },
]
