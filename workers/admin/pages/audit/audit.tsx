import { auditFilter, auditOutcomes } from "../../../../shared/staff/auditFilter.ts"
import { exportAudit } from "../../../../shared/staff/exportAudit.ts"
import { listAudit } from "../../../../shared/staff/listAudit.ts"
import type { AuditRow } from "../../../../shared/staff/readAudit.ts"
import { type AdminRequest, newPages } from "../../adminApp.ts"
import { Badge } from "../../components/badge.tsx"
import { LinkButton } from "../../components/button.tsx"
import { EmptyState } from "../../components/emptyState.tsx"
import { Field, Select, TextInput } from "../../components/field.tsx"
import { Filters } from "../../components/filters.tsx"
import { page } from "../../components/page.tsx"
import { Pager } from "../../components/pager.tsx"
import { type Column, Table } from "../../components/table.tsx"
import { Time } from "../../components/time.tsx"
import { address } from "../address.ts"

export const auditPages = newPages()
  .get("/", showAudit)
  .get("/export.csv", async (c) => {
    const ctx = c.get("ctx")
    const day = ctx.now().toISOString().slice(0, 10)
    return c.body(await exportAudit(ctx, auditFilter.parse(c.req.query())), 200, {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="audit-${day}.csv"`,
    })
  })

const Value = ({ value }: { value: unknown }) => (value === null ? "–" : <code>{JSON.stringify(value)}</code>)

const columns: Column<AuditRow>[] = [
  { head: "When", cell: ({ at }) => <Time at={new Date(at)} /> },
  { head: "Who", text: true, cell: ({ actor, actor_label }) => actor_label ?? actor },
  {
    head: "What",
    text: true,
    cell: ({ action, outcome }) => (
      <>
        {action} {outcome === "denied" && <Badge tone="bad">denied</Badge>}
      </>
    ),
  },
  {
    head: "Of",
    text: true,
    cell: ({ subject_type, subject_id }) => (
      <a href={address("/audit", { subject: `${subject_type}:${subject_id}` })}>
        {subject_type} {subject_id}
      </a>
    ),
  },
  { head: "Before", text: true, cell: ({ before }) => <Value value={before} /> },
  { head: "After", text: true, cell: ({ after }) => <Value value={after} /> },
  { head: "Request", text: true, cell: ({ request_id }) => request_id ?? "–" },
]

async function showAudit(c: AdminRequest) {
  const filter = auditFilter.parse(c.req.query())
  const after = c.req.query("after")
  const { entries, next } = await listAudit(c.get("ctx"), { filter, after })
  return page(
    c,
    { title: "Audit log", lead: "Who did what, and who tried what they may not" },
    <>
      <Filters action="/audit" label="Filter the audit log">
        <Field label="Who" name="who">
          <TextInput name="who" type="search" value={filter.who} placeholder="E-mail or key" />
        </Field>
        <Field label="Action" name="action">
          <TextInput name="action" value={filter.action} placeholder="customer.merged" />
        </Field>
        <Field label="Of" name="subject">
          <TextInput name="subject" value={filter.subject} placeholder="customer:id" />
        </Field>
        <Field label="Outcome" name="outcome">
          <Select
            name="outcome"
            value={filter.outcome}
            options={auditOutcomes.map((value) => ({ value, label: value }))}
            empty="Any"
          />
        </Field>
        <Field label="From" name="from">
          <TextInput name="from" type="date" value={filter.from} />
        </Field>
        <Field label="To" name="to">
          <TextInput name="to" type="date" value={filter.to} />
        </Field>
      </Filters>
      <div id="results">
        {entries.length > 0 ? (
          <>
            <p class="row">
              <LinkButton href={address("/audit/export.csv", filter)}>Export as CSV</LinkButton>
            </p>
            <Table label="Audit log" columns={columns} rows={entries} />
            <Pager
              shown={entries.length}
              first={after ? address("/audit", filter) : null}
              next={next ? address("/audit", { ...filter, after: next }) : null}
            />
          </>
        ) : (
          <EmptyState title="No line fits">Take a filter away, or clear them all.</EmptyState>
        )}
      </div>
    </>,
  )
}
