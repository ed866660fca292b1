import { type DriftReport, driftReport } from "../../../../shared/billing/sync/driftReport.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { Badge } from "../../components/badge.tsx"
import { EmptyState } from "../../components/emptyState.tsx"
import { page } from "../../components/page.tsx"
import { Pager } from "../../components/pager.tsx"
import { type Column, Table } from "../../components/table.tsx"
import { Time } from "../../components/time.tsx"
import { address } from "../address.ts"

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const here = "/jobs/stripe-sync/drift"

/** What the syncs found to differ from Stripe. */
export async function showDrift(c: AdminRequest) {
  const wanted = c.req.query("run") ?? ""
  const after = c.req.query("after")
  const report = await driftReport(c.get("ctx"), { runId: uuid.test(wanted) ? wanted : undefined, after })
  const run = { run: report.runId ?? "" }
  return page(
    c,
    {
      title: "What differed from Stripe",
      lead: "Found and mended by the Stripe sync; the first run takes everything over and lists nothing",
      trail: [
        { label: "Jobs", href: "/jobs" },
        { label: "Stripe sync", href: "/jobs/stripe-sync" },
      ],
    },
    <>
      {report.runs.length === 0 && (
        <EmptyState title="No sync has come to its end yet">Run it on the page of the job.</EmptyState>
      )}
      {report.runs.length > 0 && (
        <>
          <h2>By run</h2>
          <Table label="Runs" rows={report.runs} columns={runColumns(report.runId)} />
          <h2>By field</h2>
          {report.fields.length > 0 ? (
            <Table label="Fields" rows={report.fields} columns={fieldColumns} />
          ) : (
            <p class="hint">Nothing differed in this run.</p>
          )}
          {report.findings.length > 0 && (
            <>
              <h2>Objects</h2>
              <Table label="Objects" rows={report.findings} columns={findingColumns} />
              <Pager
                shown={report.findings.length}
                first={after ? address(here, run) : null}
                next={report.next ? address(here, { ...run, after: report.next }) : null}
              />
            </>
          )}
        </>
      )}
      <h2>Events that never arrived</h2>
      {report.missedEvents.length > 0 ? (
        <Table label="Events that never arrived" rows={report.missedEvents} columns={eventColumns} />
      ) : (
        <p class="hint">Every event came by its webhook.</p>
      )}
    </>,
  )
}

const count = (counts: Record<string, number>, name: string) => (counts[name] ?? 0).toLocaleString("en")

const runColumns = (shown: string | null): Column<DriftReport["runs"][number]>[] => [
  {
    head: "Run",
    cell: ({ id, at }) => (
      <a href={address(here, { run: id })} aria-current={id === shown ? "true" : undefined}>
        <Time at={at} />
      </a>
    ),
  },
  { head: "Outcome", cell: ({ outcome }) => <Badge tone={outcome === "failed" ? "bad" : "good"}>{outcome}</Badge> },
  { head: "Missing", numeric: true, cell: ({ counts }) => count(counts, "missing") },
  { head: "Changed", numeric: true, cell: ({ counts }) => count(counts, "changed") },
  { head: "Deleted", numeric: true, cell: ({ counts }) => count(counts, "deleted") },
  { head: "Unreadable", numeric: true, cell: ({ counts }) => count(counts, "unreadable") },
  { head: "Events missed", numeric: true, cell: ({ counts }) => count(counts, "eventsRecovered") },
]

const fieldColumns: Column<DriftReport["fields"][number]>[] = [
  { head: "Type", cell: ({ type }) => type },
  { head: "Found", cell: ({ finding }) => finding },
  { head: "Field", text: true, cell: ({ field }) => field ?? "–" },
  { head: "Objects", numeric: true, cell: ({ objects }) => objects.toLocaleString("en") },
]

const findingColumns: Column<DriftReport["findings"][number]>[] = [
  {
    head: "Object",
    text: true,
    cell: ({ id, customerId }) => (customerId ? <a href={`/customers/${customerId}`}>{id}</a> : id),
  },
  { head: "Type", cell: ({ type }) => type },
  { head: "Found", cell: ({ finding }) => finding },
  { head: "What", text: true, cell: ({ fields }) => fields.join(", ") || "–" },
]

const eventColumns: Column<DriftReport["missedEvents"][number]>[] = [
  { head: "Event", cell: ({ id, type }) => <a href={`/events/stripe/${encodeURIComponent(id)}`}>{type}</a> },
  { head: "Happened", cell: ({ createdAt }) => <Time at={createdAt} /> },
  { head: "Status", cell: ({ status }) => status },
]
