import { type DryRun, dryRunImport, type PlannedRow } from "../../../../shared/customers/importDryRun.ts"
import { type ImportOutcome, importOutcomes } from "../../../../shared/db/schema/customers.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { Badge, type Tone } from "../../components/badge.tsx"
import { Button, LinkButton } from "../../components/button.tsx"
import { EmptyState } from "../../components/emptyState.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Pager } from "../../components/pager.tsx"
import { Figure, Section } from "../../components/section.tsx"
import { type Column, Table } from "../../components/table.tsx"
import { address } from "../address.ts"

const tones: Record<ImportOutcome, Tone> = { new: "good", changed: "info", unchanged: "neutral", invalid: "bad" }

const inWords = (column: string) => column.replaceAll("_", " ")

/** What an import would do, and, once applied, what it did. */
export async function showDryRun(c: AdminRequest, id: string) {
  const outcome = importOutcomes.find((each) => each === c.req.query("show"))
  const after = /^\d{1,6}$/.test(c.req.query("after") ?? "") ? Number(c.req.query("after")) : undefined
  const shown = await dryRunImport(c.get("ctx"), { id, outcome, after })
  const { run, rows, next } = shown
  const counts = run.result ?? shown.counts
  const here = (query: Record<string, string | undefined>) => address(`/customers/import/${id}`, query)
  return page(
    c,
    {
      title: run.fileName,
      lead: run.appliedAt ? "Imported" : "What would happen; nothing has changed yet",
      trail: [
        { label: "Customers", href: "/customers" },
        { label: "Import", href: "/customers/import" },
      ],
    },
    <>
      {run.appliedAt && (
        <Notice tone="good">
          {`${counts.new.toLocaleString("en")} new, ${counts.changed.toLocaleString("en")} changed.`}
          {counts.invalid > 0 &&
            " The invalid rows were left out: put them right in a file of their own and import that."}
        </Notice>
      )}
      <div class="figures">
        {importOutcomes.map((each) => (
          <Figure
            label={each.charAt(0).toUpperCase() + each.slice(1)}
            {...(!run.appliedAt && { href: here({ show: each }) })}
          >
            {counts[each].toLocaleString("en")}
          </Figure>
        ))}
      </div>
      {!run.appliedAt && <Decision shown={shown} />}
      {run.notRead.length > 0 && (
        <Notice>{`Columns that are not read: ${run.notRead.join(", ").slice(0, 500)}.`}</Notice>
      )}
      <div id="results">
        {outcome && (
          <p>
            <a href={here({})}>All rows</a>
          </p>
        )}
        {rows.length > 0 ? (
          <>
            <Table label="Rows of the file" rows={rows} columns={columns} />
            <Pager
              shown={rows.length}
              first={after ? here({ show: outcome }) : null}
              next={next ? here({ show: outcome, after: String(next) }) : null}
            />
          </>
        ) : (
          <EmptyState title={run.appliedAt ? "No row was left out" : "No such row"} />
        )}
      </div>
    </>,
  )
}

const Decision = ({ shown: { run, counts, plan } }: { shown: DryRun }) => {
  const parts = [
    counts.new > 0 && `add ${counts.new.toLocaleString("en")}`,
    counts.changed > 0 && `change ${counts.changed.toLocaleString("en")}`,
  ].filter((part) => part !== false)
  return (
    <Section title={parts.length > 0 ? "Import this?" : "There is nothing to import"}>
      {counts.invalid > 0 && (
        <p>
          {`${counts.invalid.toLocaleString("en")} ${counts.invalid === 1 ? "row is" : "rows are"} invalid and left out.`}
        </p>
      )}
      <div class="row">
        {parts.length > 0 && (
          <form method="post" action={`/customers/import/${run.id}/apply`}>
            <input type="hidden" name="hash" value={run.contentHash} />
            <input type="hidden" name="plan" value={plan} />
            <Button kind="primary">{`Import: ${parts.join(", ")}`}</Button>
          </form>
        )}
        <form method="post" action={`/customers/import/${run.id}/discard`}>
          <Button>Throw the file away</Button>
        </form>
        <LinkButton href="/customers/import">Later</LinkButton>
      </div>
    </Section>
  )
}

const columns: Column<PlannedRow>[] = [
  { head: "Row", cell: ({ row }) => row },
  { head: "What happens", cell: ({ outcome }) => <Badge tone={tones[outcome]}>{outcome}</Badge> },
  {
    head: "E-mail",
    text: true,
    cell: ({ email, customerId }) => (customerId ? <a href={`/customers/${customerId}`}>{email}</a> : (email ?? "–")),
  },
  {
    head: "Columns",
    text: true,
    cell: (row) => {
      const lines = linesOf(row)
      return lines.length > 0 ? lines.map((line) => <div>{line}</div>) : "–"
    },
  },
]

function linesOf({ outcome, cells, was, changes, kept, problems }: PlannedRow): string[] {
  if (outcome === "invalid")
    return problems.map(({ column, reason }) => {
      const cell = cells[column]
      return cell ? `${inWords(column)} “${cell}”: ${reason}` : `${inWords(column)}: ${reason}`
    })
  if (outcome === "new")
    return Object.entries(cells).flatMap(([column, value]) => (value === "" ? [] : [`${inWords(column)}: ${value}`]))
  const told = changes.map((column) =>
    column === "note"
      ? `note: ${cells.note}`
      : column === "tags"
        ? `tags: ${was.tags || "none"}, and ${cells.tags}`
        : `${inWords(column)}: ${was[column] || "unknown"} → ${cells[column]}`,
  )
  return [...told, ...kept.map((column) => `${inWords(column)}: stays ${was[column] || "empty"}, as Stripe has it`)]
}
