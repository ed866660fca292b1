import { listSegments, type Segment } from "../../../../shared/customers/segmentList.ts"
import { deleteSegment } from "../../../../shared/customers/segmentSave.ts"
import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import { type AdminRequest, newPages } from "../../adminApp.ts"
import { LinkButton } from "../../components/button.tsx"
import { EmptyState } from "../../components/emptyState.tsx"
import { page } from "../../components/page.tsx"
import { Pager } from "../../components/pager.tsx"
import { type Column, Table } from "../../components/table.tsx"
import { Time } from "../../components/time.tsx"
import { address } from "../address.ts"
import { inWords, sizeInWords } from "./segmentForm.ts"
import { keepSegment, showSegment } from "./segmentPage.tsx"

const one = "/:id{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}}"

export const segmentsPages = newPages()
  .get("/", showSegments)
  .get("/new", (c) => showSegment(c, null))
  .post("/new", (c) => keepSegment(c, null))
  .get(one, (c) => showSegment(c, c.req.param("id")))
  .post(one, (c) => keepSegment(c, c.req.param("id")))
  .post(`${one}/delete`, async (c) => {
    await deleteSegment(c.get("ctx"), { id: c.req.param("id") })
    return c.redirect("/customers/segments", 303)
  })

async function showSegments(c: AdminRequest) {
  const ctx = c.get("ctx")
  const after = c.req.query("after")
  const { segments, next, choices } = await listSegments(ctx, { after })
  const columns: Column<Segment & { size: number }>[] = [
    { head: "Segment", cell: ({ id, name }) => <a href={address("/customers", { segment: id })}>{name}</a> },
    { head: "Customers", numeric: true, cell: ({ size }) => sizeInWords(size) },
    {
      head: "Who",
      text: true,
      cell: ({ condition }) => inWords(condition, choices).join("all" in condition ? " and " : " or "),
    },
    {
      head: "Changed",
      cell: ({ updatedAt, updatedBy }) => (
        <>
          <Time at={updatedAt} />
          <div class="hint">{updatedBy}</div>
        </>
      ),
    },
    { head: "Condition", cell: ({ id, name }) => <a href={`/customers/segments/${id}`}>Edit {name}</a> },
  ]
  return page(
    c,
    {
      title: "Segments",
      lead: "Customers by conditions that are kept. Who is in one is found anew whenever it is looked at.",
      trail: [{ label: "Customers", href: "/customers" }],
      actions: isPermitted(ctx.actor, "segments:write") && (
        <LinkButton kind="primary" href="/customers/segments/new">
          New segment
        </LinkButton>
      ),
    },
    segments.length > 0 ? (
      <>
        <Table label="Segments" rows={segments} columns={columns} />
        <Pager
          shown={segments.length}
          first={after ? "/customers/segments" : null}
          next={next ? address("/customers/segments", { after: next }) : null}
        />
      </>
    ) : (
      <EmptyState title="There is no segment yet">
        A segment keeps a question, such as who pays and lives in Sweden.
      </EmptyState>
    ),
  )
}
